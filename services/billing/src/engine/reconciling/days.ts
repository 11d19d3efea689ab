import { addDays, earliest, type Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { newCause } from '@perennial/messaging';
import type { Context } from '../../context';
import {
  missedDays,
  newestDay,
  type ReconcileTime,
  reconciledAt,
  windowOf,
} from '../../domain/reconciled-days';
import { lockReconciledDay, reconciledDays, saveReconciledDay } from '../../store/reconciled-days';
import { insertReconciliations, opened } from '../../store/reconciliations';

/** When the next day of any provider in use is over and its time has come. */
export async function nextDayAt(
  time: ReconcileTime,
  { providers, clock }: Context,
  tx: Tx,
): Promise<Instant | null> {
  const done = await reconciledDays(tx);
  const now = clock.now();
  return earliest(
    ...[...providers.keys()].map((provider) => {
      const day = done.get(provider);
      return day === undefined ? now : reconciledAt(addDays(day, 1), time);
    }),
  );
}

/** Makes a reconciliation for each day that is over, once; what was missed is made up for. */
export async function openDays(time: ReconcileTime, context: Context): Promise<void> {
  const now = context.clock.now();
  const newest = newestDay(now, time);
  for (const provider of context.providers.keys()) {
    await context.db.transaction(async (tx) => {
      const done = await lockReconciledDay(provider, newest, tx);
      if (done >= newest) return;
      const all = missedDays(done, newest).map((day) => {
        const { from: fromAt, to: toAt } = windowOf(day, time.zone);
        const cause = newCause('system', 'timer:reconciliations', context.ids);
        const times = { fromAt, toAt, createdAt: now, nextActionAt: now };
        return opened({ id: context.ids(), provider, day, cause, ...times });
      });
      await insertReconciliations(all, tx);
      await saveReconciledDay(provider, newest, tx);
    });
  }
}
