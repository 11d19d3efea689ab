import { addMs, earliest, type Instant, type Timer } from '@perennial/calendar';
import { isUnavailable } from '@perennial/database';
import type { Announce } from '@perennial/service';
import type { Context } from '../context';
import type { ReconcileTime } from '../domain/reconciled-days';
import { clearMatches } from '../store/reconciliation-matches';
import {
  claimReconciliation,
  lockClaimed,
  nextReconciliationAt,
  type Reconciliation,
  type RunningReconciliation,
  saveReconciliation,
} from '../store/reconciliations';
import { nextDayAt, openDays } from './reconciling/days';
import { compareOurs } from './reconciling/ours';
import { afterFailure } from './reconciling/progress';
import { chargeSide, refundSide } from './reconciling/sides';
import { compareTheirs } from './reconciling/theirs';

/** Other work gets its turn in between; the timer is due again at once. */
const PAGES_PER_RUN = 10;
/** Longer than a page with all its questions takes. After it, a peer takes the page up again. */
const LEASE_MS = 5 * 60_000;
const FORGOTTEN_TOGETHER = 1_000;

/** Compares our books with the providers', page by page. Billing rules: "Reconciliation". */
export class Reconciler {
  private stopped = false;

  constructor(
    private readonly context: Context,
    /** Null: only when somebody asks for it. */
    private readonly time: ReconcileTime | null,
    private readonly announce: Announce,
  ) {}

  readonly timer = (): Timer => ({
    name: 'reconciliations',
    everyMs: this.context.runEveryMs,
    nextAt: () => this.nextAt(),
    run: () => this.run(),
    stop: async () => {
      this.stopped = true;
    },
  });

  private nextAt(): Promise<Instant | null> {
    return this.context.db.transaction(async (tx) => {
      const next = await nextReconciliationAt(tx);
      return this.time ? earliest(next, await nextDayAt(this.time, this.context, tx)) : next;
    });
  }

  private async run(): Promise<void> {
    await this.openDays();
    for (let page = 0; page < PAGES_PER_RUN && !this.stopped; page += 1) {
      const claimed = await this.claim();
      if (!claimed) return;
      if (claimed.status === 'running') await this.comparePageOrLeave(claimed);
      else await this.forget(claimed);
    }
  }

  private async openDays(): Promise<void> {
    const { time, context } = this;
    if (!time) return;
    const dueAt = await context.db.transaction((tx) => nextDayAt(time, context, tx));
    if (dueAt !== null && dueAt <= context.clock.now()) await openDays(time, context);
  }

  /** Committed before the provider is asked, so that nobody else asks the same. */
  private claim(): Promise<Reconciliation | null> {
    const { db, clock } = this.context;
    const now = clock.now();
    return db.transaction((tx) => claimReconciliation(now, addMs(now, LEASE_MS), tx));
  }

  /** One that cannot be carried on must not hold up the others for ever; an operator sees that it failed. */
  private async comparePageOrLeave(claimed: RunningReconciliation): Promise<void> {
    try {
      await this.comparePage(claimed);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      const { logger, clock } = this.context;
      logger.error({ err: error, reconciliation: claimed.id }, 'a reconciliation cannot go on');
      const failure = { detail: 'it cannot go on: the log says why', waitMs: null };
      await this.save(afterFailure(claimed, failure, clock.now()), claimed);
    }
  }

  private async comparePage(claimed: RunningReconciliation): Promise<void> {
    const { providers, clock } = this.context;
    const provider = providers.get(claimed.provider);
    if (!provider) {
      const failure = { detail: 'the provider is not in use here', waitMs: null };
      return this.save(afterFailure(claimed, failure, clock.now()), claimed);
    }
    const readyAt = provider.pace.readyAt();
    if (readyAt !== null) return this.save({ ...claimed, nextActionAt: readyAt }, claimed);
    switch (claimed.step) {
      case 'theirs':
        return compareTheirs(claimed, provider, this.context, this.announce);
      case 'charges':
        return compareOurs(chargeSide, claimed, provider, this.context, this.announce);
      case 'refunds':
        return compareOurs(refundSide, claimed, provider, this.context, this.announce);
    }
  }

  private save(next: Reconciliation, claimed: Reconciliation): Promise<void> {
    return this.context.db.transaction(async (tx) => {
      if (await lockClaimed(claimed, tx)) await saveReconciliation(next, tx);
    });
  }

  /** Once it is over, what it remembered of ours is of no use any more. */
  private async forget(over: Exclude<Reconciliation, RunningReconciliation>): Promise<void> {
    const { db, clock } = this.context;
    await db.transaction(async (tx) => {
      if (!(await lockClaimed(over, tx))) return;
      const forgotten = await clearMatches(over.id, FORGOTTEN_TOGETHER, tx);
      const next =
        forgotten > 0 ? { nextActionAt: clock.now() } : { step: null, nextActionAt: null };
      await saveReconciliation({ ...over, ...next }, tx);
    });
  }
}
