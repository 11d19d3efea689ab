import type { Ledger } from '@perennial/simulators';
import type { BilledPayment } from './billed';
import type { Expected } from './expectation';

export interface Comparison {
  readonly charges: number;
  readonly cycles: number;
  readonly open: number;
  readonly chargedTwice: readonly string[];
  readonly forgotten: readonly string[];
  readonly differing: readonly string[];
}

/**
 * The provider's ledger against what had to be charged and against what billing believes. The ledger
 * is the truth: money that it does not know did not move, and money that nobody else knows was taken.
 */
export function compare(
  ledger: Ledger,
  billed: readonly BilledPayment[],
  expected: readonly Expected[],
): Comparison {
  const paymentOfCharge = new Map(
    billed.flatMap((payment) =>
      payment.attempts
        .filter(({ status, providerReference }) => status === 'succeeded' && providerReference)
        .map(({ providerReference }) => [providerReference, payment]),
    ),
  );
  const timesCharged = new Map<string, number>();
  const chargedTwice: string[] = [];
  const differing: string[] = [];
  for (const { id, amount, currency } of ledger.charges) {
    const payment = paymentOfCharge.get(id);
    if (!payment) {
      chargedTwice.push(`charge ${id} of ${amount} ${currency} covers nothing that billing knows`);
      continue;
    }
    const items = payment.items.filter(({ status }) => status === 'paid');
    const total = items.reduce((sum, item) => sum + item.amount.amountMinor, 0);
    if (total !== amount || payment.amount.currency !== currency) {
      differing.push(`charge ${id}: ledger ${amount} ${currency}, billing ${total}`);
    }
    for (const { subscriptionId, cycle } of items) {
      const key = `${subscriptionId}:${cycle}`;
      timesCharged.set(key, (timesCharged.get(key) ?? 0) + 1);
    }
  }
  for (const [key, times] of timesCharged) if (times > 1) chargedTwice.push(`cycle ${key}`);
  differing.push(...unknownToLedger(ledger, paymentOfCharge), ...refundsThatDiffer(ledger, billed));

  const forgotten: string[] = [];
  const known = new Set<string>();
  for (const { subscriptionId, cycle, outcome, amountMinor } of expected) {
    const key = `${subscriptionId}:${cycle}`;
    known.add(key);
    const times = timesCharged.get(key) ?? 0;
    if (outcome === 'charged' && times === 0) forgotten.push(`cycle ${key}`);
    if (outcome === 'not charged' && times > 0)
      differing.push(`cycle ${key} had to stay uncharged`);
    const billedItem = itemOf(billed, subscriptionId, cycle);
    if (billedItem && billedItem.amount.amountMinor !== amountMinor) {
      differing.push(`cycle ${key}: ${billedItem.amount.amountMinor} instead of ${amountMinor}`);
    }
  }
  for (const key of timesCharged.keys()) {
    if (!known.has(key)) differing.push(`cycle ${key} was never due`);
  }
  return {
    charges: ledger.charges.length,
    cycles: expected.length,
    open: expected.filter(({ outcome }) => outcome === 'open').length,
    ...{ chargedTwice, forgotten, differing },
  };
}

function unknownToLedger(ledger: Ledger, believed: ReadonlyMap<string | null, BilledPayment>) {
  const real = new Set(ledger.charges.map(({ id }) => id));
  return [...believed.keys()]
    .filter((id) => id !== null && !real.has(id))
    .map((id) => `billing believes in charge ${id}, the ledger does not know it`);
}

function refundsThatDiffer(ledger: Ledger, billed: readonly BilledPayment[]): string[] {
  const real = new Map(ledger.refunds.map((refund) => [refund.id, refund.amount]));
  const differing: string[] = [];
  for (const { refunds } of billed) {
    for (const { providerReference, status, amount } of refunds) {
      if (status !== 'succeeded' || providerReference === null) continue;
      if (real.get(providerReference) !== amount.amountMinor) {
        differing.push(`refund ${providerReference}: billing ${amount.amountMinor}`);
      }
      real.delete(providerReference);
    }
  }
  return [...differing, ...[...real.keys()].map((id) => `refund ${id} is unknown to billing`)];
}

const indexes = new WeakMap<
  readonly BilledPayment[],
  Map<string, BilledPayment['items'][number]>
>();

function itemOf(billed: readonly BilledPayment[], subscriptionId: string, cycle: number) {
  let index = indexes.get(billed);
  if (!index) {
    const items = billed.flatMap((payment) => payment.items);
    index = new Map(items.map((item) => [`${item.subscriptionId}:${item.cycle}`, item]));
    indexes.set(billed, index);
  }
  return index.get(`${subscriptionId}:${cycle}`);
}
