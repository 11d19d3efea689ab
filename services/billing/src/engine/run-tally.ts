import type { Context } from '../context';
import { answerCounts, NOTHING_DONE, plus, type RunCounts } from '../domain/run-counts';
import { finishRun, type Run, startRun } from '../store/runs';
import type { Answered } from './ask';

/** What one run does, counted while it goes on. */
export class RunTally {
  private run: Promise<Run> | null = null;
  private counts: RunCounts = NOTHING_DONE;

  constructor(private readonly context: Context) {}

  /** Written when the first work is found; what could not be written is tried anew the next time. */
  begin(): Promise<Run> {
    this.run ??= startRun(this.context).catch((error: unknown) => {
      this.run = null;
      throw error;
    });
    return this.run;
  }

  count(more: Partial<RunCounts>): void {
    this.counts = plus(this.counts, more);
  }

  answered(answer: Answered | null): void {
    if (answer?.about !== 'charge' || answer.planned.call.kind !== 'charge') return;
    this.count({ sent: 1 });
    this.count(answerCounts(answer.evidence));
  }

  /** Null: nothing was due. */
  async finish(): Promise<Run | null> {
    return this.run && finishRun(await this.run, this.counts, this.context);
  }
}
