import type { Timer } from '@perennial/calendar';
import type { Announce } from '@perennial/service';
import type { Context } from '../context';
import { answerCounts, NOTHING_DONE, plus, type RunCounts } from '../domain/run-counts';
import { nextDueAt } from '../store/due-accounts';
import { finishRun, type Run, startRun } from '../store/runs';
import { claimDue } from './claim';
import { perform } from './perform';

const ACCOUNTS_PER_CLAIM = 200;
/** So that a process told to stop has finished its run in seconds; the timer is due again at once. */
const CLAIMS_PER_RUN = 10;

/** Looks for due work, charges it, and keeps count. Billing rules: "Charging". */
export class Runner {
  constructor(
    private readonly context: Context,
    private readonly announce: Announce,
  ) {}

  readonly timer = (): Timer => ({
    name: 'run',
    everyMs: this.context.runEveryMs,
    nextAt: () => this.context.db.transaction(nextDueAt),
    run: async () => {
      await this.run(CLAIMS_PER_RUN);
    },
  });

  /** Null: nothing was due. */
  async run(claims = Number.POSITIVE_INFINITY): Promise<Run | null> {
    let run: Run | null = null;
    let counts = NOTHING_DONE;
    for (let claim = 0; claim < claims; claim += 1) {
      const claimed = await claimDue(ACCOUNTS_PER_CLAIM, this.context, this.announce);
      if (claimed.accounts === 0) break;
      run ??= await startRun(this.context);
      const answers = await perform(claimed.calls, this.context, this.announce);
      counts = plus(counts, claimed.counts);
      counts = answers.reduce(
        (sum, { about, evidence, planned }) =>
          about === 'charge' && planned.call.kind === 'charge'
            ? plus(plus(sum, { sent: 1 }), answerCounts(evidence))
            : sum,
        counts,
      );
    }
    return run && finishRun(run, counts satisfies RunCounts, this.context);
  }

  /** An empty run is kept too when somebody asked for it. */
  async runOnRequest(): Promise<Run> {
    return (
      (await this.run()) ?? finishRun(await startRun(this.context), NOTHING_DONE, this.context)
    );
  }
}
