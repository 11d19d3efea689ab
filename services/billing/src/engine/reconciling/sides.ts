import type { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { isInFlight, missingCharge } from '../../domain/charge-comparison';
import type {
  Finding,
  OurCharge,
  OurRefund,
  TheirCharge,
  TheirRefund,
} from '../../domain/reconciliation';
import { isRefundInFlight, missingRefund } from '../../domain/refund-comparison';
import type { Provider } from '../../providers/provider';
import { chargesById, refundsById } from '../../store/our-books';
import type { MatchKind } from '../../store/reconciliation-matches';
import { askCharge, askRefund, type Told } from './ask';
import { type Comparison, compareCharges, compareRefunds, type Look } from './compare';

/** Charges and refunds are gone through alike. */
export interface Side<Ours, Theirs> {
  readonly kind: MatchKind;
  /** Those of ours that claim to have moved money, or may have. */
  readonly statuses: readonly string[];
  load(ids: readonly string[], tx: Tx): Promise<Ours[]>;
  factsOf(ours: Ours): Facts;
  /** It was sent, and nobody is waiting for its answer. */
  canBeAsked(ours: Ours, now: Instant): boolean;
  /** We say that the provider knows of it: from its answer, or from its webhook. */
  isClaimed(ours: Ours): boolean;
  ask(ours: Ours, provider: Provider): Promise<Told<Theirs>>;
  compare(ours: Ours, theirs: Theirs, look: Look): Comparison;
  missing(ours: Ours): Finding;
  /** What they say when they do not say anything. */
  unsaid(ours: Ours): Theirs;
}

export interface Facts {
  readonly id: string;
  readonly status: string;
  readonly lastSentAt: Instant;
}

const NOTHING_SAID = { outcome: 'unknown', detail: 'no answer for a day' } as const;

export const chargeSide: Side<OurCharge, TheirCharge> = {
  kind: 'charge',
  statuses: ['succeeded', 'pending', 'unknown', 'created'],
  load: chargesById,
  factsOf: ({ attempt: { id, status, lastSentAt, startedAt } }) => ({
    ...{ id, status, lastSentAt: lastSentAt ?? startedAt },
  }),
  canBeAsked: ({ attempt }, now) => !isInFlight(attempt, now),
  isClaimed: ({ attempt: { status } }) => status === 'succeeded' || status === 'pending',
  ask: askCharge,
  compare: (ours, theirs, look) => compareCharges([ours], [theirs], look),
  missing: missingCharge,
  unsaid: ({ attempt: { reference, amount, providerReference } }) => ({
    ...{ reference, amount, providerReference: providerReference ?? '', evidence: NOTHING_SAID },
  }),
};

/** One from the provider's dashboard is here because the provider told us of it: nobody can be asked. */
export const refundSide: Side<OurRefund, TheirRefund> = {
  kind: 'refund',
  statuses: ['succeeded', 'pending'],
  load: refundsById,
  factsOf: ({ refund: { id, status, lastSentAt, createdAt } }) => ({
    ...{ id, status, lastSentAt: lastSentAt ?? createdAt },
  }),
  canBeAsked: ({ refund }, now) =>
    refund.request !== null && refund.sends > 0 && !isRefundInFlight(refund, now),
  isClaimed: ({ refund }) => refund.status === 'succeeded' || refund.providerReference !== null,
  ask: askRefund,
  compare: (ours, theirs, look) => compareRefunds([ours], [theirs], look),
  missing: missingRefund,
  unsaid: ({ refund, paymentReference }) => ({
    reference: refund.request?.reference ?? null,
    amount: refund.amount,
    providerReference: refund.providerReference ?? '',
    paymentReference: paymentReference ?? '',
    evidence: NOTHING_SAID,
  }),
};
