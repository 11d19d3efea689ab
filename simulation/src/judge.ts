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

/** Asks the invariants, and throws the first that is broken. */
export class Judge {
  private seen = '';

  constructor(private readonly invariants: readonly Invariant[]) {}

  /** After each step; looks only where something has come that can be wrong. */
  async always(record: RunRecord, version: string): Promise<void> {
    if (version === this.seen) return;
    this.seen = version;
    await this.ask('always', record);
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
