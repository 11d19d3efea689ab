import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** The rules of this repository that no linter knows, each with its reason. */

const tracked = execFileSync('git', ['ls-files'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && existsSync(path));
const text = (path: string) => readFileSync(path, 'utf8');
const sources = tracked.filter((path) => /\/src\/.*\.ts$/.test(path));
const production = sources.filter((path) => !path.includes('.test.'));
const among = (paths: readonly string[], pattern: RegExp) =>
  paths.filter((path) => pattern.test(text(path)));

test('a service never imports another: they meet in contracts, so that teams can deploy alone', () => {
  const names = ['subscriptions', 'billing', 'webhooks', 'notifications'];
  const guilty = names.flatMap((service) => {
    const others = names.filter((name) => name !== service).join('|');
    const own = production.filter((path) => path.startsWith(`services/${service}/`));
    return among(own, new RegExp(`from '(@perennial/(${others})|.*services/(${others}))`));
  });
  expect(guilty).toEqual([]);
});

test('only messaging knows amqplib: what is promised about messages is kept in one place', () => {
  const others = production.filter((path) => !path.startsWith('packages/messaging/'));
  expect(among(others, /from 'amqplib'/)).toEqual([]);
});

test('only database and stores know Sequelize: the rules never meet a table', () => {
  const others = production.filter(
    (path) => !path.startsWith('packages/database/') && !/\/src\/store(\.ts|\/)/.test(path),
  );
  expect(among(others, /from 'sequelize(-typescript)?'/)).toEqual([]);
});

test('the environment is read where a process begins: everything else is told', () => {
  const allowed =
    /(^packages\/testing|\/main\.ts$|\/up\.ts$|\/torture\.ts$|\/migrate\.ts$|\/audit\.ts$|-process\.ts$)/;
  const others = production.filter((path) => !allowed.test(path));
  expect(among(others, /process\.env/)).toEqual([]);
});

test('only the clock knows what time it is: a year must be able to pass in a second', () => {
  const allowed =
    /^(packages\/(service\/src\/time|testing|calendar)|bench|simulation\/src\/torture|embedded\/src\/(up|story\/open-shop))/;
  const others = production.filter((path) => !allowed.test(path));
  expect(among(others, /Date\.now\(\)|new Date\(\)/)).toEqual([]);
});

test('the domain is pure: no waiting, no input or output, no randomness', () => {
  const domain = production.filter((path) => path.includes('/domain/'));
  expect(domain.length).toBeGreaterThan(30);
  expect(
    among(domain, /\bawait\b|\basync\b|Math\.random|from 'node:(fs|http|net|crypto)'/),
  ).toEqual([]);
});

test('only its own folder names a provider: another is one more folder, and no change elsewhere', () => {
  const names = new Set(
    production.flatMap((path) => /\/providers\/([^/]+)\/index\.ts$/.exec(path)?.[1] ?? []),
  );
  expect(names.size).toBeGreaterThan(1);
  // The default of a setting: which providers customers may have.
  const defaults = 'services/subscriptions/src/settings.ts';
  const own = production.filter((path) => path.startsWith('services/') && path !== defaults);
  const guilty = [...names].flatMap((name) => {
    const others = own.filter((path) => !path.includes(`/providers/${name}/`));
    return among(others, new RegExp(name, 'i'));
  });
  expect(guilty).toEqual([]);
});

test('every provider is held by the conformance kit: the rules trust its sheet with money', () => {
  const adapters = production.filter((path) =>
    /^services\/billing\/src\/providers\/[^/]+\/index\.ts$/.test(path),
  );
  expect(adapters.length).toBeGreaterThan(1);
  const kits = adapters.map((path) => path.replace(/index\.ts$/, 'conformance.test.ts'));
  expect(kits.filter((path) => !tracked.includes(path))).toEqual([]);
  expect(among(kits, /describeConformance\(\{/)).toEqual(kits);
});

test('no drawer for what has no name', () => {
  const drawers =
    /(^|\/)(utils?|helpers?|common|types|constants|misc|shared|.*manager|base-.*)(\.ts|\/)/i;
  expect(tracked.filter((path) => drawers.test(path))).toEqual([]);
});

test('files stay short enough to be read in one go', () => {
  const long = production.filter((path) => text(path).split('\n').length > 320);
  expect(long).toEqual([]);
  const lengths = production.map((path) => text(path).split('\n').length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThan(80);
  expect(lengths[Math.floor(lengths.length * 0.9)]).toBeLessThan(200);
});

test('a barrel is the public face of a package, and nowhere else', () => {
  const barrels = production.filter((path) => basename(path) === 'index.ts');
  const faces = /^(packages\/[^/]+|services\/[^/]+|simulators|embedded)\/src\/index\.ts$/;
  const folders = /\/providers\/([^/]+\/)?index\.ts$/;
  expect(barrels.filter((path) => !faces.test(path) && !folders.test(path))).toEqual([]);
});

test('no path of a machine and no address of a registry: they are true in one place only', () => {
  const places = /\/(home|Users|root|work)\/[a-z]|resolved": "http/;
  const all = tracked.filter(
    (path) => !path.endsWith('tidy.test.ts') && !/\.(png|ico)$/.test(path),
  );
  expect(among(all, places)).toEqual([]);
});

test('.env.example names every variable that a service reads', () => {
  const example = text('.env.example');
  const read = tracked
    .filter((path) =>
      /services\/[^/]+\/src\/(settings|providers\/[^/]+\/index)\.ts$|service\/src\/settings\.ts$/.test(
        path,
      ),
    )
    .flatMap((path) =>
      [...text(path).matchAll(/\b([A-Z]+_[A-Z_]+|PORT): /g)].map(([, name]) => name),
    );
  expect(read.length).toBeGreaterThan(30);
  expect(read.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(example))).toEqual([]);
});
