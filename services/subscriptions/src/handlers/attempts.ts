import { AttemptResolved, AttemptUnresolved, type Envelope } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import { type AttemptWord, keepNewest } from '../store/attempts';

/** While the outcome of a charge is open, its customer's provider cannot be switched. */
export function onAttemptUnresolved() {
  return on(AttemptUnresolved, async (messages, tx) => {
    await keepNewest(messages.map(wordOf('unresolved')), tx);
    return [];
  });
}

export function onAttemptResolved() {
  return on(AttemptResolved, async (messages, tx) => {
    await keepNewest(messages.map(wordOf('resolved')), tx);
    return [];
  });
}

type About = Envelope<{ readonly attemptId: string; readonly customerId: string }>;

function wordOf(state: AttemptWord['state']) {
  return ({ data: { attemptId, customerId }, aggregateversion: version }: About): AttemptWord => ({
    ...{ attemptId, customerId, state, version },
  });
}
