import type { Edit, Tooth } from '../src/teeth/tooth';

/** Billing's own guards against the same news twice are in depth: without them it counts. */
const refundsCountAsOftenAsTold: readonly Edit[] = [
  {
    file: 'services/billing/src/domain/dashboard-refund.ts',
    find: '  if (refund) {',
    replace: "  if (refund && refund.origin !== 'provider') {",
  },
  {
    file: 'services/billing/migrations/0001-billing.sql',
    find: 'CREATE UNIQUE INDEX refunds_provider_reference',
    replace: 'CREATE INDEX refunds_provider_reference',
  },
];

/** Money that goes back once, and no more than came. */
export const refunds: readonly Tooth[] = [
  {
    name: 'refund-sent-under-new-key',
    story: 'A refund without an answer is sent again under a fresh key: it goes back twice.',
    edits: [
      {
        file: 'services/billing/src/domain/resuming.ts',
        find: `
  if (refund.delivery !== 'to_send' || !isAlive) return { ...refund, nextActionAt };
  return {`,
        replace: `
  if (refund.providerReference !== null || !isAlive) return { ...refund, nextActionAt };
  const key = [refund.id, refund.sends].join('.');
  return {`,
      },
      {
        file: 'services/billing/src/domain/resuming.ts',
        find: "    delivery: 'sent',",
        replace:
          "    request: refund.request && { ...refund.request, key },\n    delivery: 'sent',",
      },
    ],
  },
  {
    name: 'second-click-second-refund',
    story: 'A request that is sent again because its answer was lost is done again.',
    edits: [
      {
        file: 'packages/service/src/http/answer-route.ts',
        find: 'await (key ? workOnce(prepared, key, options) : work(prepared, options));',
        replace: 'await work(prepared, options);',
      },
    ],
  },
  {
    name: 'pending-refunds-not-counted',
    story: 'Refunds that are on their way do not count: two together exceed what was captured.',
    edits: [
      {
        file: 'services/billing/src/domain/refund.ts',
        find: "refund.attemptId === attemptId && refund.status !== 'failed'",
        replace: "refund.attemptId === attemptId && refund.status === 'succeeded'",
      },
    ],
  },
  {
    name: 'webhook-counted-twice',
    story: 'A webhook that is delivered twice counts twice: a refund is booked again.',
    edits: [
      {
        file: 'services/webhooks/src/door/candidate.ts',
        find: 'const common = { slot: eventSlot(reading.eventId),',
        replace: "const common = { slot: [eventSlot(reading.eventId), ids()].join(':'),",
      },
      ...refundsCountAsOftenAsTold,
    ],
  },
  {
    name: 'inbox-ignored',
    story: 'A message that is delivered again is handled again: a refund is booked twice.',
    edits: [
      {
        file: 'packages/messaging/src/consumer.ts',
        find: 'const own = messages.filter(({ envelope }) => fresh.has(envelope.id));',
        replace: 'const own = messages;',
      },
      ...refundsCountAsOftenAsTold,
    ],
  },
  {
    name: 'end-gives-all-back',
    story: 'Whoever ends at once gets back every cycle that was ever paid.',
    edits: [
      {
        file: 'services/billing/src/domain/schedule.ts',
        find: ' && endedAtOnce(schedule) && schedule.end.at < chargeAt;',
        replace: ' && endedAtOnce(schedule);',
      },
    ],
  },
  {
    name: 'unsent-refund-failed',
    story: 'A refund that the provider had no time for is called failed.',
    edits: [
      {
        file: 'services/billing/src/domain/refund-unsettled.ts',
        find: `    delivery: 'to_send',
    firstSentAt: onlyThisSend && !arrived ? null : refund.firstSentAt,
    nextActionAt: resendAt(refund.sends, waitMs, moment.now),`,
        replace:
          "    status: 'failed',\n    delivery: null,\n    nextActionAt: null,\n    settledAt: moment.now,",
      },
    ],
  },
  {
    name: 'dashboard-refunds-thrown-away',
    story: 'A refund that somebody made in the dashboard is told, and not booked.',
    edits: [
      {
        file: 'services/billing/src/domain/dashboard-refund.ts',
        find: "if (told.outcome === 'failure') return account;",
        replace: 'if (told.outcome) return account;',
      },
    ],
  },
  {
    name: 'failed-refund-keeps-the-money',
    story:
      'An operator was refunding what a cancellation had crossed; that fails, and nobody returns it.',
    edits: [
      {
        file: 'services/billing/src/domain/refund-settlement.ts',
        find: 'return payment ? refundCrossedCancellations({ account, payment, moment }) : account;',
        replace: 'return account;',
      },
    ],
  },
];
