import { install } from './install.mjs';
import { run } from './process.mjs';

/** The whole system under faults, by seed; see simulation/. */
export async function simulate(args) {
  await install();
  const source = ['--conditions=@perennial/source', '--import', 'tsx'];
  return run(process.execPath, [...source, 'simulation/src/main.ts', ...args]);
}
