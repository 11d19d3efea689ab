import type { RunRecord } from './record';

/** What must hold, in everybody's words. */
export interface Invariant {
  /** As in `money/charged-once`. */
  readonly name: string;
  readonly meaning: string;
  /** `always`: whenever no transaction is open. `at rest`: when the faults are over and all work is done. */
  readonly holds: 'always' | 'at rest';
  /** Each violation in a sentence, naming the customer, subscription, payment or reference that it is about. */
  violations(record: RunRecord): Promise<readonly Violation[]>;
}

export interface Violation {
  readonly text: string;
  /** Ids or references that lead to the customer whose story is to be told. */
  readonly about: readonly string[];
}
