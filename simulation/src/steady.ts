import { inspect } from 'node:util';
import type { Invariant } from './invariant';
import { Broken } from './judge';

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
  meaning:
    'What runs by itself or is asked of a service fails only where a fault strikes it, and once for each; so does what is logged as an error.',
  holds: 'always',
};

export const RESTLESS: Steady = {
  name: 'liveness/comes-to-rest',
  meaning: 'All that is to be done on a day comes to an end.',
  holds: 'always',
};

export const UNANSWERED: Steady = {
  name: 'liveness/everybody-is-answered',
  meaning: 'Whoever asks something is answered in the end.',
  holds: 'at rest',
};

export const STEADY: readonly Steady[] = [CRASHED, FAILS_WITHOUT_CAUSE, RESTLESS, UNANSWERED];

/** `what`: as in `send-mails of billing/1`. */
export function failsWithoutCause(what: string, error: unknown): Broken {
  return new Broken(FAILS_WITHOUT_CAUSE, [
    { text: `${what} failed: ${typeof error === 'string' ? error : inspect(error)}`, about: [] },
  ]);
}
