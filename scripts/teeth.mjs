import { install } from './install.mjs';
import { run } from './process.mjs';

/** Plants faults in copies of the sources, and sees the simulation find each; see simulation/teeth. */
export async function teeth(args) {
  await install();
  const source = ['--conditions=@perennial/source', '--import', 'tsx'];
  return run(process.execPath, [...source, 'simulation/src/teeth.ts', ...args]);
}
