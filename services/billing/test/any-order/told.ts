import type {
  Asked,
  ChargeEvidence,
  NotSent,
  RefundEvidence,
  Source,
} from '../../src/domain/evidence';
import type { Call } from '../../src/domain/plan';

/** Evidence about a charge, as it is heard here. */
export interface ToldCharge {
  readonly about: 'charge';
  readonly reference: string;
  readonly evidence: ChargeEvidence;
  readonly by: Source;
  /** What an answer is to; null for a webhook. */
  readonly asked: Asked | null;
  /** The provider says the contrary of what it has in its ledger. */
  readonly contrary: boolean;
}

export interface ToldRefund {
  readonly about: 'refund';
  readonly reference: string;
  readonly paymentId: string;
  readonly evidence: RefundEvidence;
  readonly by: Source;
  readonly asked: Asked | null;
}

/** Made in the provider's dashboard, and told by webhook. */
export interface ToldDashboardRefund {
  readonly about: 'dashboard';
  readonly provider: string;
  readonly chargeId: string;
  readonly refundId: string;
  readonly amountMinor: number;
  /** How often it came too early. */
  readonly tries: number;
}

export type Told = ToldCharge | ToldRefund;

type AboutCharge = Extract<Call, { kind: 'charge' | 'enquire' }>;
type AboutRefund = Exclude<Call, AboutCharge>;

export function toldOfCharge(call: AboutCharge, evidence: ChargeEvidence): ToldCharge {
  const by = call.kind === 'charge' ? 'response' : 'enquiry';
  const { reference } = call.attempt;
  return { about: 'charge', reference, evidence, by, asked: call.attempt, contrary: false };
}

export function toldOfRefund(call: AboutRefund, evidence: RefundEvidence): ToldRefund {
  const by = call.kind === 'refund' ? 'response' : 'enquiry';
  const { paymentId } = call.refund;
  const reference = referenceOf(call);
  return { about: 'refund', reference, paymentId, evidence, by, asked: call.refund };
}

/** What holds for both. */
export function toldOf(
  call: Call,
  evidence: NotSent | { readonly outcome: 'unknown'; readonly detail: string },
): Told {
  return 'attempt' in call ? toldOfCharge(call, evidence) : toldOfRefund(call, evidence);
}

export function referenceOf(call: Call): string {
  return 'attempt' in call ? call.attempt.reference : (call.refund.request?.reference ?? '');
}

/** A billing rule was broken. */
export class Broken extends Error {}

export function broken(rule: string): never {
  throw new Broken(rule);
}
