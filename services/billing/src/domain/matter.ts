import { localDate } from '@perennial/calendar';
import type { DiscrepancyKind } from '@perennial/contracts';
import { type Account, withDiscrepancy } from './account';
import type { Source } from './evidence';
import type { Moment } from './moment';
import type { Attempt, Payment } from './payment';

/** One charge, and what it is part of, while evidence about it is weighed. */
export interface Matter {
  readonly account: Account;
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly by: Source;
  readonly moment: Moment;
}

export function settledAttempt(
  { attempt, by, moment }: Matter,
  status: 'succeeded' | 'declined',
  facts: Partial<Pick<Attempt, 'providerReference' | 'reason' | 'rawReason'>>,
): Attempt {
  return {
    ...attempt,
    reason: null,
    rawReason: null,
    ...facts,
    providerReference: facts.providerReference ?? attempt.providerReference,
    status,
    nextActionAt: null,
    settledAt: moment.now,
    settledBy: by,
  };
}

/** F: the local date of the first attempt of which there is evidence that it reached the provider. */
export function reached(payment: Payment, attempt: Attempt, { rules }: Moment): Payment {
  if (payment.firstReachedOn) return payment;
  const sentAt = attempt.firstSentAt ?? attempt.startedAt;
  return { ...payment, firstReachedOn: localDate(sentAt, rules.time.zone) };
}

/** Reports trouble with this attempt, once per kind. */
export function opened(
  { account, payment, attempt, moment }: Omit<Matter, 'by'>,
  kind: DiscrepancyKind,
  details: Record<string, string | number | null>,
): Account {
  return withDiscrepancy(account, {
    id: moment.newId(),
    kind,
    provider: attempt.provider,
    paymentId: payment.id,
    about: attempt.id,
    details: { attempt: attempt.number, reference: attempt.reference, ...details },
    openedAt: moment.now,
  });
}
