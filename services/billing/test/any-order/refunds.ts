import type { Refund } from '../../src/domain/refund';
import { isAbsence } from './known';
import { broken, type ToldRefund } from './told';
import type { Truth } from './watch';

/** What becomes of refunds of ours: the same as with charges. Billing rules: "Provider events", refund. */
export function checkRefunds(
  before: readonly Refund[],
  after: readonly Refund[],
  told: ToldRefund | null,
  truth: Truth,
): void {
  if (before === after) return;
  for (const refund of after) {
    const earlier = before.find(({ id }) => id === refund.id);
    if (earlier && earlier !== refund && refund.request) checkRefund(earlier, refund, told, truth);
  }
  if (after.length < before.length) broken('no refund is forgotten');
}

function checkRefund(
  before: Refund,
  after: Refund,
  told: ToldRefund | null,
  { hasRefund }: Truth,
): void {
  const outcome =
    told?.reference === before.request?.reference ? told?.evidence.outcome : undefined;
  if (before.amount.amountMinor !== after.amount.amountMinor) {
    broken('what a refund asks for never changes');
  }
  if (before.status === 'succeeded' && after.status !== 'succeeded') {
    broken('money that went back stays back');
  }
  if (before.status !== after.status && outcome !== after.status && outcome !== 'refused') {
    broken('a refund is settled by evidence only');
  }
  if (before.delivery !== 'sent' || after.delivery !== 'to_send') return;
  if (!isAbsence(outcome, told?.by)) broken('no refund becomes unsent without evidence');
  if (hasRefund(before.provider, before.request?.reference ?? '')) {
    broken('a refund that the provider has made is not called unsent');
  }
}
