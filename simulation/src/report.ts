import type { Asked } from './arguments';
import { FAULT_NAMES, FAULTS, type Fault } from './faults';
import type { Invariant } from './invariant';
import type { Breach, Lived } from './seed';

/** What must hold, and what can go wrong. */
export function listing(
  invariants: readonly Pick<Invariant, 'name' | 'meaning' | 'holds'>[],
): string {
  const must = invariants.map(
    ({ name, meaning, holds }) => `  ${name.padEnd(44)} ${holds.padEnd(8)} ${meaning}`,
  );
  const can = FAULT_NAMES.map((name) => `  ${name.padEnd(26)} ${FAULTS[name][1]}`);
  return `What must hold:\n${must.join('\n')}\n\nWhat can go wrong:\n${can.join('\n')}\n`;
}

export function line({ seed, steps, charges, struck, seconds, digest, broken }: Lived): string {
  const faults = Object.values(struck).reduce((sum, times) => sum + times, 0);
  const facts = `${steps} steps, ${charges} charges, ${faults} faults, ${seconds.toFixed(1)} s`;
  const end = broken ? `BROKEN ${broken.invariant}` : digest.slice(0, 16);
  return `seed ${String(seed).padEnd(10)} ${facts.padEnd(58)} ${end}\n`;
}

export function breach(broken: Breach, asked: Asked): string {
  const { invariant, meaning, step, day, text, story } = broken;
  return [
    ...['', `BROKEN ${invariant}`, `  ${meaning}`, ''],
    ...text.split('\n').map((one) => `  ${one}`),
    ...['', `What happened, up to step ${step} on ${day}:`],
    ...story.map((one) => `  ${one}`),
    ...['', 'Again:', `  ${commandOf(broken.seed, asked)}`, ''],
  ].join('\n');
}

export function commandOf(
  seed: number,
  { days, people, faults }: Pick<Asked, 'days' | 'people' | 'faults'>,
): string {
  const isAll = people.every((person, index) => person === index);
  const customers = isAll ? String(people.length) : `${people.join(',')},`;
  return `npm run simulate -- --seeds ${seed} --days ${days} --customers ${customers} --faults ${faultsIn(faults)}`;
}

function faultsIn(faults: ReadonlySet<Fault>): string {
  if (faults.size === FAULT_NAMES.length) return 'all';
  return faults.size === 0 ? 'none' : `"${[...faults].join(',')}"`;
}

/** Over all seeds. A fault that never struck is a hole. */
export function totals(lived: readonly Lived[], asked: Asked, seconds: number): string {
  const steps = lived.reduce((sum, one) => sum + one.steps, 0);
  const broken = lived.filter((one) => one.broken !== null);
  const charges = lived.reduce((sum, one) => sum + one.charges, 0);
  const struck = FAULT_NAMES.filter((fault) => asked.faults.has(fault)).map((fault) => {
    const times = lived.reduce((sum, one) => sum + (one.struck[fault] ?? 0), 0);
    return `  ${fault.padEnd(26)} ${String(times).padStart(8)}${times === 0 ? '  NEVER' : ''}`;
  });
  const rate = Math.round(steps / seconds);
  return [
    ...['', 'What went wrong, and how often:', ...struck, ''],
    `${lived.length} seeds of ${asked.people.length} customers and ${asked.days} days in ${seconds.toFixed(1)} s`,
    `${steps} steps, ${rate} a second; ${charges} charges`,
    broken.length === 0
      ? 'no invariant broken'
      : `${broken.length} seeds BROKEN: ${broken.map(({ seed }) => seed).join(', ')}`,
    '',
  ].join('\n');
}
