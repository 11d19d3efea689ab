import { type Clock, msOf } from '@perennial/calendar';
import { pause, standsStill } from '@perennial/service';
import type { OurCharge, OurRefund, TheirCharge, TheirRefund } from '../../domain/reconciliation';
import type { Provider } from '../../providers/provider';

const MOST_AT_ONCE = 20;

/** One after the other as the provider's pace allows, some of them at once. Each ends by itself. */
export async function inPace<Asked>(
  all: readonly Asked[],
  { pace }: Provider,
  clock: Clock,
  ask: (one: Asked) => Promise<void>,
): Promise<void> {
  for (let begun = 0; begun < all.length; ) {
    const readyAt = pace.readyAt();
    if (readyAt && !standsStill(clock)) await pause(msOf(readyAt) - msOf(clock.now()), clock);
    const count = Math.max(1, Math.min(MOST_AT_ONCE, pace.available()));
    const some = all.slice(begun, begun + count);
    begun += some.length;
    pace.take(some.length);
    await Promise.all(some.map(ask));
  }
}

/** What the provider says of one of ours when it is asked about it alone. */
export type Told<Theirs> = Theirs | 'not found' | 'no answer';

export async function askCharge(
  { attempt }: OurCharge,
  provider: Provider,
): Promise<Told<TheirCharge>> {
  const evidence = await provider.enquire(attempt);
  const { reference, amount } = attempt;
  switch (evidence.outcome) {
    case 'succeeded':
      return { ...told(attempt, evidence), reference, amount: evidence.amount ?? amount, evidence };
    case 'declined':
    case 'pending':
      return { ...told(attempt, evidence), reference, amount, evidence };
    case 'not_found':
      return 'not found';
    default:
      return 'no answer';
  }
}

export async function askRefund(
  { refund, paymentReference: capture }: OurRefund,
  provider: Provider,
): Promise<Told<TheirRefund>> {
  const paymentReference = capture ?? '';
  const evidence = await provider.enquireRefund(refund, paymentReference);
  const facts = { reference: refund.request?.reference ?? null, paymentReference };
  const { amount } = refund;
  switch (evidence.outcome) {
    case 'succeeded':
      return { ...told(refund, evidence), ...facts, amount: evidence.amount ?? amount, evidence };
    case 'failed':
    case 'pending':
      return { ...told(refund, evidence), ...facts, amount, evidence };
    case 'not_found':
      return 'not found';
    default:
      return 'no answer';
  }
}

interface Named {
  readonly providerReference: string | null;
}

function told(ours: Named, evidence: Named) {
  return { providerReference: evidence.providerReference ?? ours.providerReference ?? '' };
}
