import { join } from 'node:path';
import { install } from './install.mjs';
import { root, run, say } from './process.mjs';

const bin = (name) => join(root, 'node_modules', '.bin', name);

const STEPS = [
  ['types', bin('tsc'), ['--noEmit', '-p', 'tsconfig.json']],
  ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
  ['floating promises', bin('oxlint'), ['--type-aware', '--quiet', '.']],
  ['unused code', bin('knip'), ['--no-progress']],
  ['tidy rules', process.execPath, ['node_modules/jest/bin/jest.js', '--selectProjects', 'tidy']],
  [
    'generated files',
    process.execPath,
    ['--conditions=@perennial/source', '--import', 'tsx', 'scripts/generate.ts', '--check'],
  ],
];

/** Everything that can be known without running the system. */
export async function check() {
  await install();
  const failed = [];
  for (const [name, command, args] of STEPS) {
    say(name);
    if ((await run(command, args)) !== 0) failed.push(name);
  }
  say(failed.length === 0 ? 'all checks passed' : `FAILED: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}
