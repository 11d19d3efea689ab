import type { Account } from './account';
import { decline } from './decline';
import type { ChargeEvidence, Source } from './evidence';
import { type Matter, opened } from './matter';
import type { Moment } from './moment';
import { succeed } from './success';
import { carryOn } from './unsettled';

/**
 * The one rule for everything that we learn about a charge, whichever way it comes: response, webhook,
 * enquiry or reconciliation, in any order, twice or not at all.
 * Billing rules: "What an attempt can end as".
 */
export function settleCharge(
  account: Account,
  reference: string,
  evidence: ChargeEvidence,
  by: Source,
  moment: Moment,
): Account {
  const payment = account.payments.find(({ attempts }) =>
    attempts.some((attempt) => attempt.reference === reference),
  );
  const attempt = payment?.attempts.find((candidate) => candidate.reference === reference);
  if (!payment || !attempt) return account;
  const matter = { account, payment, attempt, by, moment };
  if (attempt.status === 'succeeded') return afterSuccess(matter, evidence);
  switch (evidence.outcome) {
    case 'succeeded':
      return succeed(matter, evidence.providerReference);
    case 'declined':
      return attempt.status === 'declined' ? account : decline(matter, evidence);
    default:
      return attempt.nextActionAt === null ? account : carryOn(matter, evidence);
  }
}

/** Success is final: a decline that comes after it is somebody else's mistake, and is shown. */
function afterSuccess(matter: Matter, evidence: ChargeEvidence): Account {
  return evidence.outcome === 'declined'
    ? opened(matter, 'contradicting_outcome', { outcome: 'declined', reason: evidence.reason })
    : matter.account;
}
