import type { Account } from './account';
import { amountTold } from './amounts';
import { decline } from './decline';
import type { Asked, ChargeEvidence, Source } from './evidence';
import { type Matter, opened } from './matter';
import type { Moment } from './moment';
import { succeed } from './success';
import { carryOn } from './unsettled';

/**
 * The one rule for everything that we learn about a charge, whichever way it comes: response, webhook,
 * enquiry or reconciliation, in any order, twice or not at all.
 * `asked`: what an answer is to. Billing rules: "What an attempt can end as".
 */
export function settleCharge(
  account: Account,
  reference: string,
  evidence: ChargeEvidence,
  by: Source,
  moment: Moment,
  asked: Asked | null = null,
): Account {
  const payment = account.payments.find(({ attempts }) =>
    attempts.some((attempt) => attempt.reference === reference),
  );
  const attempt = payment?.attempts.find((candidate) => candidate.reference === reference);
  if (!payment || !attempt) return account;
  const matter = { account, payment, attempt, by, asked, moment };
  if (attempt.settledAt !== null) return afterTheEnd(matter, evidence);
  switch (evidence.outcome) {
    case 'succeeded':
      return succeed(matter, evidence);
    case 'declined':
      return decline(matter, evidence);
    default:
      return carryOn(matter, evidence);
  }
}

/**
 * A final outcome stays, but for money that came after all; what contradicts it is shown. A
 * reconciliation reports by itself where the books differ.
 */
function afterTheEnd(matter: Matter, evidence: ChargeEvidence): Account {
  const { account, attempt, by } = matter;
  if (by === 'reconciliation') return account;
  const hasMoney = attempt.status === 'succeeded';
  if (evidence.outcome === 'succeeded') {
    return hasMoney ? amountTold(matter, evidence.amount) : succeed(matter, evidence);
  }
  return evidence.outcome === 'declined' && hasMoney
    ? opened(matter, 'contradicting_outcome', { outcome: 'declined', reason: evidence.reason })
    : account;
}
