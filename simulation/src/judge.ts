import type { Invariant, Violation } from './invariant';
import { momentOf } from './invariants/picture';
import type { RunRecord } from './record';

/** The first thing that does not hold. */
export class Broken extends Error {
  override readonly name = 'Broken';

  constructor(
    readonly invariant: Pick<Invariant, 'name' | 'meaning'>,
    readonly violations: readonly Violation[],
  ) {
    super(`${invariant.name}: ${violations[0]?.text ?? ''}`);
  }
}

/** Looked at only when it has changed. */
interface Judged {
  readonly version: string;
  record(): RunRecord;
}

/** Asks the invariants, and throws the first that is broken. */
export class Judge {
  private seen = '';

  constructor(private readonly invariants: readonly Invariant[]) {}

  /** After each step; looks only where something has come that can be wrong. */
  always(judged: Judged): Promise<void> | undefined {
    const { version } = judged;
    if (version === this.seen) return undefined;
    this.seen = version;
    return this.ask('always', judged.record());
  }

  async atRest(record: RunRecord): Promise<void> {
    await this.ask('always', record);
    await this.ask('at rest', record);
  }

  private async ask(holds: Invariant['holds'], record: RunRecord): Promise<void> {
    const moment = momentOf(record);
    for (const invariant of this.invariants) {
      if (invariant.holds !== holds) continue;
      const violations = await invariant.violations(moment);
      if (violations.length > 0) throw new Broken(invariant, violations);
    }
  }
}
