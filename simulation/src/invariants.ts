import type { Database } from '@perennial/database';
import type { Invariant, Violation } from './invariant';
import { attemptInvariants } from './invariants/attempts';
import { auditInvariants } from './invariants/audit';
import { bookInvariants } from './invariants/books';
import { conservationInvariants } from './invariants/conservation';
import { dunningInvariants } from './invariants/dunning';
import { endingInvariants } from './invariants/ending';
import { ladderInvariants } from './invariants/ladder';
import { lateInTroubleInvariants } from './invariants/late-in-trouble';
import { latenessInvariants } from './invariants/lateness';
import { livenessInvariants } from './invariants/liveness';
import { mailInvariants } from './invariants/mails';
import { messageInvariants } from './invariants/messages';
import { moneyInvariants } from './invariants/money';
import { nothingMoreInvariants } from './invariants/nothing-more';
import { wireInvariants } from './invariants/on-the-wire';
import { momentOf } from './invariants/picture';
import { privacyInvariants } from './invariants/privacy';
import { refundInvariants } from './invariants/refunds';
import { refusedInvariants } from './invariants/refused';
import { scheduleInvariants } from './invariants/schedule';
import { stateInvariants } from './invariants/states';
import { viewInvariants } from './invariants/views';
import type { RunRecord, ServiceName } from './record';

/**
 * All of them, made anew for each run: those that hold always remember what they have seen of it.
 * `databases`: what the services' own audit tools read.
 */
export function invariants(
  databases: () => Readonly<Record<ServiceName, Database>>,
): readonly Invariant[] {
  return [
    ...wireInvariants(),
    ...moneyInvariants,
    ...attemptInvariants,
    ...livenessInvariants,
    ...latenessInvariants,
    ...lateInTroubleInvariants,
    ...ladderInvariants,
    ...scheduleInvariants,
    ...stateInvariants,
    ...viewInvariants,
    ...dunningInvariants,
    ...endingInvariants,
    ...nothingMoreInvariants,
    ...refundInvariants,
    ...mailInvariants,
    ...messageInvariants(),
    ...refusedInvariants,
    ...privacyInvariants,
    ...conservationInvariants,
    ...bookInvariants,
    ...auditInvariants(databases),
  ];
}

export interface Broken {
  readonly invariant: Invariant;
  readonly violations: readonly Violation[];
}

/** Which of these do not hold now; each table is read once for all of them. */
export async function brokenOf(
  list: readonly Invariant[],
  record: RunRecord,
): Promise<readonly Broken[]> {
  const moment = momentOf(record);
  const broken: Broken[] = [];
  for (const invariant of list) {
    const violations = await invariant.violations(moment);
    if (violations.length > 0) broken.push({ invariant, violations });
  }
  return broken;
}
