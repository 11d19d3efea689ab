import { addMonths, localDate } from '@perennial/calendar';
import type { Database, Tx } from '@perennial/database';
import { systemClock } from '@perennial/service';
import { until } from '@perennial/testing';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';
import { Runner } from './run';

const TIMEOUT_MS = 1_500;

let running: Running;
let runner: Runner;

/** Time goes on by itself here, as in a service: what matters is who waits for whom. */
beforeEach(async () => {
  running = await runBilling('sqlite::memory:', {
    ...{ BILLING_CHARGE_TIME: '00:00', PROVIDER_TIMEOUT_MS: String(TIMEOUT_MS) },
    PROVIDER_CONCURRENCY: '4',
  });
  await running.clock.set(systemClock().now());
  running.clock.release();
  runner = new Runner('aurora', running.context);
});
afterEach(() => running.stop());

const silence = async () => undefined;

async function due(...cards: readonly string[]): Promise<void> {
  const subscribers = subscribersOf(running);
  const anchor = addMonths(localDate(running.clock.now(), 'Europe/London'), -1);
  for (const card of cards) {
    await subscribers.subscription(await subscribers.customer(card), { anchor });
  }
}

const charged = () => running.aurora.ledger().charges.length;
const attempts = (status: string) =>
  running.db.transaction((tx) =>
    tx.select('SELECT id FROM attempts WHERE status = :status', { status }),
  );

test('an answer that never comes keeps no new work waiting', async () => {
  const timer = runner.timer(silence);
  await due('pm_hang_1', 'pm_hang_2');
  const startMs = performance.now();
  await timer.run();
  await due('pm_ok_1', 'pm_ok_2');
  await timer.run();
  await until(() => charged() === 4);
  await until(async () => (await attempts('succeeded')).length === 2);
  expect(performance.now() - startMs).toBeLessThan(TIMEOUT_MS);
  expect(await attempts('unknown')).toEqual([]);
  await timer.stop?.();
  expect(await attempts('unknown')).toHaveLength(2);
});

test('asked to stop, it begins nothing more, and writes what is under way', async () => {
  const timer = runner.timer(silence);
  await due(...Array.from({ length: 8 }, (_, n) => `pm_hang_${n}`));
  const ran = timer.run();
  await until(() => charged() === 4);
  await timer.stop?.();
  await ran;
  expect(await attempts('created')).toEqual([]);
  expect((await attempts('unknown')).length).toBe(charged());
  await due('pm_ok_late');
  await timer.run();
  expect(await attempts('succeeded')).toEqual([]);
});

test('the run of an operator waits for all of its answers, and counts them', async () => {
  await due('pm_hang', 'pm_ok_1', 'pm_decline_do_not_honor', 'pm_pending_ok');
  const run = await running.call('POST', '/runs');
  expect(run).toMatchObject({
    status: 201,
    body: { due: 4, sent: 4, succeeded: 1, declined: 1, pending: 1, unknown: 1 },
  });
  expect(run.body.finishedAt).not.toBeNull();
});

// Simulation, seed 303: one connection lost here, and this process charged nobody ever again.
test('a run that could not be written down holds up no charge, not then and not later', async () => {
  let failures = 2;
  const failing: Database['transaction'] = (work) =>
    running.db.transaction((tx) => {
      const insert: Tx['insert'] = async (table, rows) => {
        if (table === 'runs' && failures-- > 0) throw new Error('the connection was lost');
        return tx.insert(table, rows);
      };
      return work(Object.assign(Object.create(tx), { insert }));
    });
  const db = Object.assign(Object.create(running.db), { transaction: failing });
  const unlucky = new Runner('aurora', { ...running.context, db }).timer(silence);
  for (const [round, card] of ['pm_ok_1', 'pm_ok_2', 'pm_ok_3'].entries()) {
    await due(card);
    await unlucky.run().catch(() => undefined);
    await until(async () => (await attempts('succeeded')).length === round + 1);
  }
  await unlucky.stop?.();
  const runs = await running.db.transaction((tx) => tx.select('SELECT sent, succeeded FROM runs'));
  expect(runs).toEqual([{ sent: 3, succeeded: 3 }]);
});
