import type { Money } from '@perennial/contracts';
import type { Discrepancy } from './discrepancy';
import type { ChargeEvidence, RefundEvidence } from './evidence';
import type { Attempt } from './payment';
import type { Refund } from './refund';

export interface OurCharge {
  readonly attempt: Attempt;
  readonly paymentId: string;
  readonly customerId: string;
}

export interface OurRefund {
  readonly refund: Refund;
  readonly customerId: string;
  /** The provider's id of the charge that is refunded. */
  readonly paymentReference: string | null;
}

interface InTheirBooks {
  readonly providerReference: string;
  /** Ours; null for what was not made by us. */
  readonly reference: string | null;
  readonly amount: Money;
}

export interface TheirCharge extends InTheirBooks {
  readonly evidence: ChargeEvidence;
}

export interface TheirRefund extends InTheirBooks {
  readonly paymentReference: string;
  readonly evidence: RefundEvidence;
}

/** What does not agree: a discrepancy, but for when and by whom it was found. */
export type Finding = Pick<Discrepancy, 'kind' | 'about' | 'paymentId' | 'details'>;

/** One of ours beside what the provider shows of it. */
export interface Compared<Theirs> {
  /** The provider has shown it: it is not missing there. */
  readonly met: boolean;
  readonly findings: readonly Finding[];
  /** For the one rule: ours is open, and theirs says more. */
  readonly told: Theirs | null;
  /** Ours is final and theirs was not when it was listed: by now it may be, so it is asked about first. */
  readonly inDoubt: boolean;
}

export const NOT_MET = { met: false, findings: [], told: null, inDoubt: false } as const;
export const AGREES = { ...NOT_MET, met: true } as const;

type Outcome = ChargeEvidence['outcome'] | RefundEvidence['outcome'];

/** Money that they have moved, or may have, or still may. */
const MAY_HAVE_MOVED: Record<Outcome, boolean> = {
  succeeded: true,
  pending: true,
  unknown: true,
  declined: false,
  failed: false,
  not_sent: false,
  not_found: false,
  refused: false,
};

export function mayHaveMoved({ evidence }: TheirCharge | TheirRefund): boolean {
  return MAY_HAVE_MOVED[evidence.outcome];
}

/** What both sides call it, and what each says of it. */
export function detailsOf(
  subject: 'charge' | 'refund',
  ours: Attempt | Refund | null,
  theirs: TheirCharge | TheirRefund | null,
): Finding['details'] {
  return {
    subject,
    reference: (ours ? ownReference(ours) : theirs?.reference) ?? null,
    providerReference: theirs?.providerReference ?? ours?.providerReference ?? null,
    status: ours?.status ?? null,
    amountMinor: ours?.amount.amountMinor ?? null,
    currency: ours?.amount.currency ?? null,
    providerStatus: theirs?.evidence.outcome ?? null,
    providerAmountMinor: theirs?.amount.amountMinor ?? null,
    providerCurrency: theirs?.amount.currency ?? null,
  };
}

function ownReference(ours: Attempt | Refund): string | null {
  return 'request' in ours ? (ours.request?.reference ?? null) : ours.reference;
}

const LONGEST = 222;

/** Names what only they know; as short as `about` has to be. */
export function theirName(provider: string, { providerReference }: InTheirBooks): string {
  return `${provider}:${providerReference.slice(0, LONGEST)}`;
}
