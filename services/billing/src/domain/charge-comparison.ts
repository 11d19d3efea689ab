import type { Instant } from '@perennial/calendar';
import type { ChargeEvidence } from './evidence';
import type { Attempt, AttemptStatus } from './payment';
import {
  AGREES,
  type Compared,
  detailsOf,
  type Finding,
  mayHaveMoved,
  NOT_MET,
  type OurCharge,
  type TheirCharge,
  theirName,
} from './reconciliation';

/** Final, so that only a person can say what a difference means. The others are settled by evidence. */
const FINAL: Record<AttemptStatus, boolean> = {
  created: false,
  pending: false,
  unknown: false,
  not_sent: false,
  succeeded: true,
  declined: true,
};

/** Of several charges under one reference the one that tells most is weighed first. */
const WEIGHT: Record<ChargeEvidence['outcome'], number> = {
  succeeded: 3,
  pending: 2,
  unknown: 1,
  declined: 0,
  not_sent: 0,
  not_found: 0,
  refused: 0,
};

/**
 * One attempt of ours beside all that the provider shows of it. `asked`: theirs is their answer of this
 * moment, so that nothing is in doubt. Billing rules: "Reconciliation".
 */
export function compareCharge(
  { attempt, paymentId }: OurCharge,
  theirs: readonly TheirCharge[],
  now: Instant,
  { asked }: { readonly asked: boolean },
): Compared<TheirCharge> {
  let known = attempt;
  let sum: Compared<TheirCharge> = NOT_MET;
  for (const one of inOrder(attempt, theirs)) {
    const compared = compareOne(known, paymentId, one, { now, asked });
    sum = {
      met: sum.met || compared.met,
      findings: [...sum.findings, ...compared.findings],
      told: sum.told ?? compared.told,
      inDoubt: sum.inDoubt || compared.inDoubt,
    };
    if (compared.told?.evidence.outcome === 'succeeded') {
      known = { ...known, status: 'succeeded', providerReference: one.providerReference };
    }
  }
  return sum;
}

function inOrder({ providerReference }: Attempt, theirs: readonly TheirCharge[]): TheirCharge[] {
  const weight = (one: TheirCharge) =>
    one.providerReference === providerReference ? 9 : WEIGHT[one.evidence.outcome];
  return [...theirs].sort((one, other) => weight(other) - weight(one));
}

interface Look {
  readonly now: Instant;
  readonly asked: boolean;
}

function compareOne(
  attempt: Attempt,
  paymentId: string,
  theirs: TheirCharge,
  look: Look,
): Compared<TheirCharge> {
  const { providerReference, status } = attempt;
  const isAnother = providerReference !== null && providerReference !== theirs.providerReference;
  if (isAnother && !mayHaveMoved(theirs)) return NOT_MET;
  if (isAnother && status === 'succeeded') {
    return { ...NOT_MET, findings: [secondCharge(attempt, paymentId, theirs)] };
  }
  if (isInFlight(attempt, look.now)) return AGREES;
  return FINAL[status]
    ? compareFinal(attempt, paymentId, theirs, look)
    : compareOpen(attempt, paymentId, theirs);
}

/** Its answer is on the way, and will be taken by who sent it. */
export function isInFlight({ status, nextActionAt }: Attempt, now: Instant): boolean {
  return status === 'created' && nextActionAt !== null && nextActionAt > now;
}

function compareFinal(
  attempt: Attempt,
  paymentId: string,
  theirs: TheirCharge,
  { asked }: Look,
): Compared<TheirCharge> {
  const { outcome } = theirs.evidence;
  if (outcome === attempt.status) {
    return { ...AGREES, findings: sumsThatDiffer(attempt, paymentId, theirs) };
  }
  const isSettled = outcome === 'succeeded' || outcome === 'declined';
  if (!isSettled && !asked) return { ...AGREES, inDoubt: true };
  return { ...AGREES, findings: [statusDiffers(attempt, paymentId, theirs)] };
}

function compareOpen(
  attempt: Attempt,
  paymentId: string,
  theirs: TheirCharge,
): Compared<TheirCharge> {
  const { outcome } = theirs.evidence;
  const saysMore = outcome !== 'unknown' && outcome !== attempt.status;
  return {
    ...AGREES,
    findings: sumsThatDiffer(attempt, paymentId, theirs),
    told: saysMore ? theirs : null,
  };
}

/** Of money that did not move it does not matter how much it was. */
function sumsThatDiffer(attempt: Attempt, paymentId: string, theirs: TheirCharge): Finding[] {
  if (!mayHaveMoved(theirs)) return [];
  const details = detailsOf('charge', attempt, theirs);
  const found = { about: attempt.id, paymentId, details };
  if (attempt.amount.currency !== theirs.amount.currency) {
    return [{ kind: 'currency_differs', ...found }];
  }
  if (attempt.amount.amountMinor !== theirs.amount.amountMinor) {
    return [{ kind: 'amount_differs', ...found }];
  }
  return [];
}

function statusDiffers(attempt: Attempt, paymentId: string, theirs: TheirCharge): Finding {
  return {
    kind: 'status_differs',
    about: `${attempt.id}:${attempt.status}:${theirs.evidence.outcome}`,
    paymentId,
    details: detailsOf('charge', attempt, theirs),
  };
}

function secondCharge(attempt: Attempt, paymentId: string, theirs: TheirCharge): Finding {
  return {
    kind: 'duplicate_charge',
    about: theirName(attempt.provider, theirs),
    paymentId,
    details: detailsOf('charge', attempt, theirs),
  };
}

/** Money at the provider that nobody here knows. */
export function strangeCharge(provider: string, theirs: TheirCharge): Finding[] {
  if (!mayHaveMoved(theirs)) return [];
  return [
    {
      kind: 'missing_here',
      about: theirName(provider, theirs),
      paymentId: null,
      details: detailsOf('charge', null, theirs),
    },
  ];
}

export function missingCharge({ attempt, paymentId }: OurCharge): Finding {
  const details = detailsOf('charge', attempt, null);
  return { kind: 'missing_there', about: attempt.id, paymentId, details };
}

/** What the one rule made of evidence from the provider's books. */
export function settledCharge(before: OurCharge, after: Attempt, theirs: TheirCharge): Finding {
  return {
    kind: 'status_differs',
    about: `${after.id}:${before.attempt.status}:${after.status}`,
    paymentId: before.paymentId,
    details: detailsOf('charge', before.attempt, theirs),
  };
}
