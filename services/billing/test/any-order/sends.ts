import type { Account } from '../../src/domain/account';
import type { ProviderSheet } from '../../src/domain/moment';
import type { Attempt } from '../../src/domain/payment';
import type { Refund } from '../../src/domain/refund';
import { endedAtOnce } from '../../src/domain/schedule';
import type { Known } from './known';
import { broken } from './told';

/** A charge is about to leave. */
export function checkCharge(
  attempt: Attempt,
  account: Account,
  sends: Known['sends'],
  { sheet, isLost, now }: { sheet: ProviderSheet; isLost: boolean; now: number },
): void {
  if (isLost) broken('no attempt starts with a card known to be lost');
  checkKey(sends, sheet, now);
  const payment = account.payments.find(({ attempts }) => attempts.includes(attempt));
  const items = (payment?.items ?? []).filter(({ subscriptionId, cycle }) =>
    attempt.items?.some((one) => one.subscriptionId === subscriptionId && one.cycle === cycle),
  );
  const minor = items.reduce((sum, { amount }) => sum + amount.amountMinor, 0);
  if (minor !== attempt.amount.amountMinor) broken('an attempt asks for the sum of its cycles');
  for (const { subscriptionId, status, billingDate } of items) {
    if (status !== 'owed') broken('only what is owed is asked for');
    const schedule = account.schedules.find((one) => one.subscriptionId === subscriptionId);
    if (endedAtOnce(schedule)) broken('what was cancelled at once is not asked for');
    const { cancellation } = schedule ?? { cancellation: null };
    if (cancellation && cancellation.on < billingDate) {
      broken('nothing is asked for after the date of a cancellation');
    }
  }
}

export function checkRefund(
  refund: Refund,
  sends: Known['sends'],
  { sheet, now }: { sheet: ProviderSheet; now: number },
): void {
  if (refund.status !== 'pending') broken('a refund that is settled is not sent');
  checkKey(sends, sheet, now);
}

/** Billing rules: a key lives from the first send that may have arrived. */
function checkKey(sends: Known['sends'], { keyLifetimeMs }: ProviderSheet, now: number): void {
  const first = sends.find(({ refuted }) => !refuted);
  if (first && keyLifetimeMs !== null && now >= first.at + keyLifetimeMs) {
    broken('no key is sent after its life');
  }
}
