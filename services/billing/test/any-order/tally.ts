import { captures } from '../../src/domain/payment';
import type { World } from './world';

const WANTED = [
  ...['succeeded', 'exhausted', 'abandoned', 'declined', 'not_sent', 'paid', 'dropped'],
  ...['contradicting_outcome', 'duplicate_charge', 'late_success', 'unknown_outcome'],
  ...['charged_after_cancellation', 'automatic', 'operator', 'provider', 'payment_exhausted'],
  ...['card_expired', 'card_cancelled', 'cancellation_due', 'customer_request', 'customer_erased'],
  ...['six declines', 'captured twice', 'a second key', 'a second billing date', 'sent again'],
];

/** What has come up in all the histories: where nothing happens, nothing is tested. */
export class Tally {
  private readonly seen = new Map<string, number>();

  count(worlds: readonly World[]): void {
    for (const world of worlds) for (const name of namesIn(world)) this.one(name);
  }

  private one(name: string): void {
    this.seen.set(name, (this.seen.get(name) ?? 0) + 1);
  }

  get missing(): readonly string[] {
    return WANTED.filter((name) => !this.seen.has(name));
  }

  get counts(): readonly string[] {
    return [...this.seen].sort(([, a], [, b]) => b - a).map((one) => one.join(' '));
  }
}

function namesIn({ account: { payments, refunds, schedules, discrepancies } }: World): Set<string> {
  const attempts = payments.flatMap((payment) => payment.attempts);
  const declines = payments.map(
    (payment) => payment.attempts.filter(({ status }) => status === 'declined').length,
  );
  return new Set([
    ...payments.map(({ status }) => status),
    ...attempts.map(({ status }) => status),
    ...payments.flatMap(({ items }) => items.map(({ status }) => status)),
    ...discrepancies.map(({ kind }) => kind),
    ...refunds.map(({ origin }) => origin),
    ...schedules.map((one) => (one.state === 'ended' ? one.end.cause : one.state)),
    ...(declines.some((count) => count >= 6) ? ['six declines'] : []),
    ...(payments.some((one) => captures(one).length > 1) ? ['captured twice'] : []),
    ...(payments.some((one) => one.attempts.length > 1) ? ['a second key'] : []),
    ...(attempts.some(({ sends }) => sends > 1) ? ['sent again'] : []),
    ...(payments.length > 1 ? ['a second billing date'] : []),
  ]);
}
