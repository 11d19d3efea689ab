import type { Tooth } from '../src/teeth/tooth';

const SETTLEMENT = 'services/billing/src/domain/settlement.ts';

/** Which word about a charge counts. */
export const evidence: readonly Tooth[] = [
  {
    name: 'last-webhook-wins',
    story: 'The webhook that comes last decides: a late decline undoes what is over.',
    edits: [
      {
        file: SETTLEMENT,
        find: 'if (attempt.settledAt !== null) return afterTheEnd(matter, evidence);',
        replace: `const isLast = by === 'webhook' && evidence.outcome === 'declined';
  if (attempt.settledAt !== null && !isLast) return afterTheEnd(matter, evidence);`,
      },
      {
        file: 'services/billing/src/domain/decline.ts',
        find: 'if (!isOpen(payment) || underWay(payment)) return withPayment(account, payment);',
        replace: 'if (underWay(payment)) return withPayment(account, payment);',
      },
    ],
  },
  {
    name: 'first-webhook-only',
    story:
      'Webhooks are told apart by what they are about, not by their ids: only the first of each counts.',
    edits: [
      {
        file: 'services/webhooks/src/door/candidate.ts',
        find: 'const common = { slot: eventSlot(reading.eventId),',
        replace: 'const common = { slot: eventSlot(reading.reference ?? reading.eventId),',
      },
    ],
  },
  {
    name: 'failed-stays-failed',
    story:
      'A payment that has failed cannot succeed any more: the success of its retry is dropped.',
    edits: [
      {
        file: SETTLEMENT,
        find: `
    case 'succeeded':
      return succeed(matter, evidence);`,
        replace: `
    case 'succeeded': {
      const paid = succeed(matter, evidence);
      if (!payment.attempts.some(({ status }) => status === 'declined')) return paid;
      const payments = paid.payments.map((one) =>
        one.id === payment.id ? { ...one, status: payment.status, items: payment.items } : one,
      );
      return { ...paid, payments };
    }`,
      },
    ],
  },
  {
    name: 'webhook-acknowledged-unstored',
    story:
      'A webhook is acknowledged although it could not be stored: the provider never tells it again.',
    edits: [
      {
        file: 'services/webhooks/src/door/door.ts',
        find: 'send(response, unavailable(requestId));',
        replace: "send(response, { status: 200, body: { status: 'accepted' } });",
      },
    ],
  },
  {
    name: 'everything-differs',
    story:
      'A comparison with the books calls each settled charge another: real trouble drowns in it.',
    edits: [
      {
        file: 'services/billing/src/domain/charge-comparison.ts',
        find: 'return { ...AGREES, findings: sumsThatDiffer(attempt, paymentId, theirs) };\n  }\n  const isSettled',
        replace:
          'return { ...AGREES, findings: [statusDiffers(attempt, paymentId, theirs)] };\n  }\n  const isSettled',
      },
    ],
  },
  {
    name: 'strange-refunds-passed-over',
    story: 'A comparison with the books looks at ours only: money that went back unheard stays so.',
    edits: [
      {
        file: 'services/billing/src/engine/reconciling/compare.ts',
        find: 'strange: (one) => strangeRefund(provider, one),',
        replace: 'strange: () => [],',
      },
    ],
  },
];
