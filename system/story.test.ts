import { verifyAudit } from '@perennial/audit';
import { rebuildDiff } from '@perennial/billing';
import { type Plant, runStory } from '@perennial/embedded';
import { openShop, type Shop } from './test/shop';

const LIVES = { customers: 60, days: 200 };
/** Enough to charge somebody. */
const SOME_LIVES = { customers: 10, days: 60 };

async function tell(lives: typeof LIVES, plant: Plant | null): Promise<[Shop, number, string]> {
  const shop = await openShop({ now: '2025-12-31T12:00:00Z' });
  const lines: string[] = [];
  const say = (line: string) => void lines.push(line);
  const code = await runStory(shop.system, shop.client, { ...lives, seed: 7, plant }, say);
  return [shop, code, lines.join('\n')];
}

test('a shop lives through its days: nothing charged twice, forgotten or different, and nothing told to whom it does not concern', async () => {
  const [shop, code, summary] = await tell(LIVES, null);
  expect(summary).toMatch(/charged twice\s+0/);
  expect(summary).toMatch(/forgotten\s+0/);
  expect(summary).toMatch(/differing\s+0/);
  expect(code).toBe(0);

  // Personal data went where it had to go: otherwise the search below would prove nothing.
  const mails = shop.system.simulators.crm?.sent() ?? [];
  expect(mails.length).toBeGreaterThan(50);
  expect(mails.every(({ to }) => /^person\d+@story\.example$/.test(to.email))).toBe(true);
  const told = await everythingTold(shop);
  for (const [where, text] of told) {
    expect(text.length).toBeGreaterThan(1000);
    const found = text.match(/(Given|Family)\d+|person\d+@|story\.example/)?.[0];
    expect([where, found ?? 'no personal data']).toEqual([where, 'no personal data']);
    const leaked = shop.secrets.some((secret) => text.includes(secret));
    expect([where, leaked ? 'a secret' : 'no secret']).toEqual([where, 'no secret']);
  }

  const { billing, subscriptions } = shop.system.databases;
  for (const db of [billing, subscriptions]) {
    expect(await verifyAudit(db)).toMatchObject({ ok: true });
  }
  expect((await rebuildDiff(billing)).differences).toEqual([]);
  const changed = await billing.transaction(async (tx) => {
    const [row] = await tx.select('SELECT id FROM attempts ORDER BY id LIMIT 1');
    const id = String(row?.['id']);
    await tx.execute('UPDATE attempts SET amount_minor = amount_minor + 1 WHERE id = :id', { id });
    return id;
  });
  expect((await rebuildDiff(billing)).differences).toEqual([expect.stringContaining(changed)]);

  const victim = await billing.transaction(async (tx) => {
    const [row] = await tx.select('SELECT id, facts FROM audit_entries WHERE seq = 100');
    const facts = String(row?.['facts']);
    const altered = `${facts.slice(0, 40)}${facts[40] === '1' ? '2' : '1'}${facts.slice(41)}`;
    await tx.execute('UPDATE audit_entries SET facts = :altered WHERE seq = 100', { altered });
    return String(row?.['id']);
  });
  expect(await verifyAudit(billing)).toMatchObject({ ok: false, firstBadEntry: victim });
});

test.each([
  ['second-charge', /charged twice\s+1/],
  ['lost-cycle', /forgotten\s+1/],
] as const)('the comparison finds a planted %s', async (plant, line) => {
  const [, code, summary] = await tell(SOME_LIVES, plant);
  expect(summary).toMatch(line);
  expect(code).toBe(1);
});

/** All messages, all log lines, and all rows of the services that have no business with people. */
async function everythingTold({ overheard, logged, system }: Shop): Promise<[string, string][]> {
  const told: [string, string][] = [
    ['messages', overheard.messages.join('\n')],
    ['log', logged.join('')],
  ];
  const { billing, webhooks, notifications } = system.databases;
  for (const [name, db] of Object.entries({ billing, webhooks, notifications })) {
    const rows = await db.transaction(async (tx) => {
      const tables = await tx.select("SELECT name FROM sqlite_master WHERE type = 'table'");
      return Promise.all(tables.map(({ name: table }) => tx.select(`SELECT * FROM ${table}`)));
    });
    told.push([`tables of ${name}`, JSON.stringify(rows)]);
  }
  return told;
}
