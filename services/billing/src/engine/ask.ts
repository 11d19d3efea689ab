import { addMs, type Instant } from '@perennial/calendar';
import type { Context } from '../context';
import type { ChargeEvidence, RefundEvidence } from '../domain/evidence';
import type { Call } from '../domain/plan';
import type { PlannedCall } from './claim';

export type Answered =
  | { readonly about: 'charge'; readonly planned: PlannedCall; readonly evidence: ChargeEvidence }
  | { readonly about: 'refund'; readonly planned: PlannedCall; readonly evidence: RefundEvidence };

/** A call that would end after its lease is left to whoever takes the account up next. */
const LEASE_MARGIN_MS = 35_000;

/** Asks the provider; null: too late to begin. */
export async function ask(planned: PlannedCall, context: Context): Promise<Answered | null> {
  const { call } = planned;
  if (leaseIsNearlyOver(leaseOf(call), context.clock.now())) return null;
  switch (call.kind) {
    case 'charge':
      return aboutCharge(planned, await providerOf(call, context).charge(call.attempt));
    case 'enquire':
      return aboutCharge(planned, await providerOf(call, context).enquire(call.attempt));
    case 'refund': {
      const { refund, paymentReference } = call;
      return aboutRefund(planned, await providerOf(call, context).refund(refund, paymentReference));
    }
    case 'enquire-refund': {
      const { refund, paymentReference } = call;
      const provider = providerOf(call, context);
      return aboutRefund(planned, await provider.enquireRefund(refund, paymentReference));
    }
  }
}

function aboutCharge(planned: PlannedCall, evidence: ChargeEvidence): Answered {
  return { about: 'charge', planned, evidence };
}

function aboutRefund(planned: PlannedCall, evidence: RefundEvidence): Answered {
  return { about: 'refund', planned, evidence };
}

function subjectOf(call: Call) {
  return 'attempt' in call ? call.attempt : call.refund;
}

function providerOf(call: Call, context: Context) {
  return context.providerOf(subjectOf(call).provider);
}

function leaseOf(call: Call): Instant | null {
  return subjectOf(call).nextActionAt;
}

function leaseIsNearlyOver(lease: Instant | null, now: Instant): boolean {
  return lease === null || addMs(now, LEASE_MARGIN_MS) > lease;
}
