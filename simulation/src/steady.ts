import type { Invariant } from './invariant';

/** What only whoever drives the processes can see: no record shows it. */
type Steady = Pick<Invariant, 'name' | 'meaning' | 'holds'>;

/** A process that throws what nobody catches breaks as well. */
export const CRASHED: Steady = {
  name: 'process/crashed',
  meaning: 'Nothing is thrown that nobody handles.',
  holds: 'always',
};

export const FAILS_WITHOUT_CAUSE: Steady = {
  name: 'process/fails-with-cause',
  meaning: 'What runs by itself fails only where a fault strikes it, and once for each.',
  holds: 'always',
};

export const RESTLESS: Steady = {
  name: 'liveness/comes-to-rest',
  meaning: 'All that is to be done on a day comes to an end.',
  holds: 'always',
};

export const STEADY: readonly Steady[] = [CRASHED, FAILS_WITHOUT_CAUSE, RESTLESS];
