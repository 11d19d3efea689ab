import type { Picture } from './picture';

/** A message that must have been sent because of what was committed; without a version where the trail has none. */
export interface Telling {
  readonly type: string;
  readonly subject: string;
  readonly version: number | null;
  readonly at: string;
}

export function* tellings(picture: Picture): Iterable<Telling> {
  yield* ofPayments(picture);
  yield* ofRefunds(picture);
  yield* ofSubscriptions(picture);
}

function* ofPayments({ trail }: Picture): Iterable<Telling> {
  for (const [subject, entries] of trail.payments) {
    let status: string | null = null;
    let declines = 0;
    for (const { said, at } of entries) {
      const declined = said.attempts.filter((attempt) => attempt.status === 'declined').length;
      const isNew = said.status !== status || declined > declines;
      ({ status } = said);
      declines = declined;
      const type = isNew ? typeFor(said.status, said.nextAttemptAt) : null;
      if (type) yield { type, subject, version: said.version, at };
    }
  }
}

function typeFor(status: string, nextAttemptAt: string | null): string | null {
  switch (status) {
    case 'succeeded':
      return 'billing.payment-succeeded.v1';
    case 'exhausted':
      return 'billing.payment-exhausted.v1';
    case 'retrying':
      return nextAttemptAt === null ? null : 'billing.payment-declined.v1';
    default:
      return null;
  }
}

function* ofRefunds({ trail }: Picture): Iterable<Telling> {
  for (const [subject, entries] of trail.refunds) {
    const first = entries.find(({ said }) => said.status === 'succeeded');
    if (first)
      yield {
        type: 'billing.payment-refunded.v1',
        subject,
        version: first.said.version,
        at: first.at,
      };
  }
}

function* ofSubscriptions({ trail, billing }: Picture): Iterable<Telling> {
  for (const { entityType, entityId: subject, fromState, toState, at } of trail.entries
    .subscriptions) {
    const about = { subject, version: null, at };
    if (entityType === 'customer') {
      const type = toState === 'erased' ? 'customer-erased' : 'payment-method-changed';
      yield { ...about, type: `subscriptions.${type}.v1` };
    }
    if (entityType !== 'subscription') continue;
    if (fromState === null) yield { ...about, type: 'subscriptions.subscription-started.v1' };
    const isOver = toState === 'cancelled' || toState === 'terminated';
    if (isOver) yield { ...about, type: 'subscriptions.subscription-ended.v1' };
  }
  for (const { subscriptionId: subject, skippedCycle, endedAt } of billing.schedules) {
    if (skippedCycle === null || endedAt === null) continue;
    yield { type: 'billing.cycle-skipped.v1', subject, version: null, at: endedAt };
  }
  for (const { id: subject, state } of billing.discrepancies) {
    // Nobody has to look at what was put right already.
    if (state === 'auto_fixed') continue;
    yield { type: 'billing.discrepancy-opened.v1', subject, version: null, at: '' };
  }
}
