import { localDate } from '@perennial/calendar';
import type { DiscrepancyKind } from '@perennial/contracts';
import { type Account, withDiscrepancy } from './account';
import type { Asked, Source } from './evidence';
import type { Moment } from './moment';
import type { Attempt, Payment } from './payment';

/** One charge, and what it is part of, while evidence about it is weighed. */
export interface Matter {
  readonly account: Account;
  readonly payment: Payment;
  readonly attempt: Attempt;
  readonly by: Source;
  /** Null for what was told without being asked. */
  readonly asked: Asked | null;
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
  // Nothing is sent again before it is known that the sends before did not get there.
  const sentOn = localDate(attempt.lastSentAt ?? attempt.startedAt, rules.time.zone);
  // One of which it was said late that it got there can be earlier than what is known.
  const isFirst = payment.firstReachedOn === null || sentOn < payment.firstReachedOn;
  return isFirst ? { ...payment, firstReachedOn: sentOn } : payment;
}

/** Reports trouble with this attempt, once per kind. */
export function opened(
  { account, payment, attempt, moment }: Omit<Matter, 'by' | 'asked'>,
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
