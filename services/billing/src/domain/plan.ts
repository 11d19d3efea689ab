import type { Account } from './account';
import { startDueAttempts } from './charging';
import { findDueCycles } from './due-cycles';
import type { Moment } from './moment';
import type { Attempt, Payment } from './payment';
import type { Refund } from './refund';
import { resumeDue } from './resuming';

/** Something to ask of a provider, after what it follows from has been committed. */
export type Call =
  | {
      readonly kind: 'charge' | 'enquire';
      readonly customerId: string;
      readonly paymentId: string;
      readonly attempt: Attempt;
    }
  | {
      readonly kind: 'refund' | 'enquire-refund';
      readonly customerId: string;
      readonly refund: Refund;
      /** The provider's id of the charge that is refunded. */
      readonly paymentReference: string;
    };

/** Does everything that is due now; what has to be asked of providers is read off with `callsOf`. */
export function plan(account: Account, moment: Moment): Account {
  const resumed = resumeDue(account, moment);
  if (!account.customer.paymentMethod) return resumed;
  return startDueAttempts(findDueCycles(resumed, moment), moment);
}

/** Whatever was sent or leased between the two states of an account. */
export function callsOf(before: Account, after: Account): Call[] {
  return [...chargeCalls(before, after), ...refundCalls(before, after)];
}

function chargeCalls(before: Account, after: Account): Call[] {
  const known = byId(before.payments.flatMap(({ attempts }) => attempts));
  return after.payments.flatMap(({ id: paymentId, attempts }) =>
    attempts.flatMap((attempt) => {
      const kind = called(known.get(attempt.id), attempt);
      if (!kind) return [];
      return [
        {
          kind: ({ send: 'charge', enquire: 'enquire' } as const)[kind],
          customerId: after.customer.id,
          paymentId,
          attempt,
        },
      ];
    }),
  );
}

function refundCalls(before: Account, after: Account): Call[] {
  const known = byId(before.refunds);
  return after.refunds.flatMap((refund) => {
    const kind = called(known.get(refund.id), refund);
    if (!kind) return [];
    return [
      {
        kind: ({ send: 'refund', enquire: 'enquire-refund' } as const)[kind],
        customerId: after.customer.id,
        refund,
        paymentReference: captureReference(after.payments, refund),
      },
    ];
  });
}

function called(
  before: Attempt | Refund | undefined,
  after: Attempt | Refund,
): 'send' | 'enquire' | null {
  if (after.sends > (before?.sends ?? 0)) return 'send';
  const leased =
    before && after.nextActionAt !== null && after.nextActionAt !== before.nextActionAt;
  return leased && after.sends > 0 ? 'enquire' : null;
}

function captureReference(payments: readonly Payment[], refund: Refund): string {
  const capture = payments
    .flatMap(({ attempts }) => attempts)
    .find(({ id }) => id === refund.attemptId);
  return capture?.providerReference ?? '';
}

function byId<T extends { id: string }>(list: readonly T[]): Map<string, T> {
  return new Map(list.map((item) => [item.id, item]));
}
