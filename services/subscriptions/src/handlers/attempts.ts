import { AttemptResolved, AttemptUnresolved } from '@perennial/contracts';
import { on } from '@perennial/messaging';
import { addResolved, addUnresolved } from '../store/attempts';

/** While the outcome of a charge is open, its customer's provider cannot be switched. */
export function onAttemptUnresolved() {
  return on(AttemptUnresolved, async (messages, tx) => {
    await addUnresolved(messages.map(attemptOf), tx);
    return [];
  });
}

export function onAttemptResolved() {
  return on(AttemptResolved, async (messages, tx) => {
    await addResolved(messages.map(attemptOf), tx);
    return [];
  });
}

function attemptOf({ data }: { data: { attemptId: string; customerId: string } }) {
  return { attemptId: data.attemptId, customerId: data.customerId };
}
