import { type Instant, msOf, type Timer } from '@perennial/calendar';
import { type Announce, pause, standsStill } from '@perennial/service';
import type { Context } from '../context';
import { nextDueAt } from '../store/due-accounts';
import type { Run } from '../store/runs';
import { claimDue } from './claim';
import { Lane } from './lane';
import { RunTally } from './run-tally';

const ACCOUNTS_PER_CLAIM = 200;

/** Looks for due work of one provider's customers, charges it, and keeps count. Billing rules: "Charging". */
export class Runner {
  private readonly lane: Lane;
  private tally: RunTally | null = null;
  /** Where calls outlive the run that began them. */
  private finishing: Promise<void> | null = null;
  private stopped = false;

  constructor(
    readonly provider: string,
    private readonly context: Context,
  ) {
    this.lane = new Lane(provider, context);
  }

  timer(announce: Announce): Timer {
    return {
      name: `run/${this.provider}`,
      everyMs: this.context.runEveryMs,
      nextAt: () => this.nextAt(),
      run: () => this.run(announce),
      stop: async () => {
        this.stopped = true;
        await this.lane.untilBelow(1);
        await this.finishing;
      },
    };
  }

  /** Everything that is due now, to its end; where time stands still, as much as the pace allows. */
  async runAll(announce: Announce, tally: RunTally): Promise<void> {
    const { clock } = this.context;
    for (;;) {
      const { accounts, waitMs } = await this.claimAll(announce, tally);
      await this.lane.untilBelow(1);
      if (this.stopped || (accounts === 0 && (waitMs === 0 || standsStill(clock)))) return;
      await pause(waitMs, clock);
    }
  }

  /**
   * Where time goes on, calls stay under way when this returns: one that hangs must not keep new work
   * waiting. Where it stands still, all is done before it moves.
   */
  private async run(announce: Announce): Promise<void> {
    this.tally ??= new RunTally(this.context);
    const { tally } = this;
    if (standsStill(this.context.clock)) {
      await this.runAll(announce, tally);
      await this.finish(tally);
    } else {
      await this.claimAll(announce, tally);
      this.finishing ??= this.finishWhenDone(tally);
    }
  }

  /** As many as the provider takes now. `waitMs`: until it takes more, where it was that which ended it. */
  private async claimAll(announce: Announce, tally: RunTally) {
    const { concurrency, clock } = this.context;
    const { pace } = this.context.providerOf(this.provider);
    let accounts = 0;
    while (!this.stopped) {
      await this.lane.untilBelow(2 * concurrency);
      const limit = Math.min(ACCOUNTS_PER_CLAIM, pace.available());
      if (limit === 0) {
        return {
          accounts,
          waitMs: Math.max(1, msOf(pace.readyAt() ?? clock.now()) - msOf(clock.now())),
        };
      }
      const claimed = await claimDue(this.provider, limit, this.context, announce);
      if (claimed.accounts === 0) break;
      accounts += claimed.accounts;
      tally.count(claimed.counts);
      // What is claimed goes out, whatever becomes of the notes about it.
      this.lane.add(claimed.calls, announce, (answer) => tally.answered(answer));
      await tally.begin();
    }
    return { accounts, waitMs: 0 };
  }

  /** When something is due and the provider takes a call again. */
  private async nextAt(): Promise<Instant | null> {
    const due = await this.context.db.transaction((tx) => nextDueAt(this.provider, tx));
    const ready = this.context.providerOf(this.provider).pace.readyAt();
    return due !== null && ready !== null && ready > due ? ready : due;
  }

  private async finishWhenDone(tally: RunTally): Promise<void> {
    try {
      await this.lane.untilBelow(1);
      this.finishing = null;
      await this.finish(tally);
    } catch (error) {
      this.context.logger.error({ err: error }, 'what a run did could not be written');
    }
  }

  private async finish(tally: RunTally): Promise<void> {
    if (this.tally === tally) this.tally = null;
    await tally.finish();
  }
}

/** One runner a provider: each with its own lane and pace. */
export class Runners {
  private readonly runners: readonly Runner[];

  constructor(private readonly context: Context) {
    this.runners = [...context.providers.keys()].map((name) => new Runner(name, context));
  }

  timers(announce: Announce): Timer[] {
    return this.runners.map((runner) => runner.timer(announce));
  }

  /** Looks everywhere now; an empty run is kept too, because somebody asked for it. */
  async runOnRequest(announce: Announce): Promise<Run> {
    const tally = new RunTally(this.context);
    const run = await tally.begin();
    await Promise.all(this.runners.map((runner) => runner.runAll(announce, tally)));
    return (await tally.finish()) ?? run;
  }
}
