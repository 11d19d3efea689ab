import { parseInstant } from '@perennial/calendar';
import { PaymentOutcome } from '@perennial/contracts';
import { newCause } from '@perennial/messaging';
import { testMysqlUrl } from '@perennial/testing';
import { type Running, runBilling } from '../../../test/running-billing';
import { subscribersOf } from '../../../test/subscribers';
import { rebuildDiff } from '../../rebuild/rebuild';

const CUSTOMERS = 60;
const DECIDED = '2026-02-28T06:05:00Z';
let replicas: [Running, Running];

beforeAll(async () => {
  const url = await testMysqlUrl();
  const first = await runBilling(url);
  replicas = [first, await runBilling(url, { AURORA_URL: first.auroraUrl })];
});
afterAll(async () => {
  for (const replica of [...(replicas ?? [])].reverse()) await replica.stop();
});

/** The webhooks of all that Aurora has decided. */
function outcomes({ aurora, ids, clock }: Running) {
  const cause = newCause('system', 'timer:test', ids);
  return aurora.ledger().charges.map(({ id, merchantReference: reference, amount, currency }) => {
    const event = { provider: 'aurora', eventId: ids(), occurredAt: clock.now() };
    const charge = { reference, providerReference: id, amount: { amountMinor: amount, currency } };
    const data = {
      ...event,
      ...charge,
      outcome: 'success' as const,
      reason: null,
      rawReason: null,
    };
    return PaymentOutcome.of(reference, 2, data, cause);
  });
}

test('a webhook and a reconciliation that settle the same charge at once pay it once', async () => {
  const [first, second] = replicas;
  await subscribersOf(first).many(CUSTOMERS, 'pm_pending_ok');
  await first.until('2026-02-28T06:00:00Z');
  for (const { clock } of replicas) await clock.set(parseInstant(DECIDED));
  await first.aurora.timer.run();
  const body = { provider: 'aurora', from: '2026-02-28T00:00:00Z', to: '2026-02-28T06:00:01Z' };
  const { id } = (await first.call('POST', '/reconciliations', { body })).body;
  const webhooks = outcomes(first);
  expect(webhooks).toHaveLength(CUSTOMERS);
  const someAtATime = async () => {
    for (let n = 0; n < CUSTOMERS; n += 5) await second.tell(...webhooks.slice(n, n + 5));
  };
  await Promise.all([first.until(DECIDED), someAtATime()]);
  await Promise.all(replicas.map((replica) => replica.until(DECIDED)));

  const settled = await first.db.transaction((tx) =>
    tx.select("SELECT settled_by, status FROM attempts WHERE status = 'succeeded'"),
  );
  expect(settled).toHaveLength(CUSTOMERS);
  const byBooks = settled.filter(({ settledBy }) => settledBy === 'reconciliation').length;
  const found = (await first.call('GET', `/reconciliations/${id}`)).body;
  expect(found).toMatchObject({ status: 'done', autoFixed: byBooks, discrepancyCount: byBooks });
  const states = found.discrepancies.map((one: { state: string }) => one.state);
  expect(new Set(states)).toEqual(new Set(byBooks > 0 ? ['auto_fixed'] : []));
  const all = (await first.call('GET', '/discrepancies?limit=200')).body.data;
  expect(all).toHaveLength(byBooks);
  const paid = replicas
    .flatMap(({ told }) => told)
    .filter(({ type }) => type === 'billing.payment-succeeded.v1');
  expect(new Set(paid.map(({ subject }) => subject)).size).toBe(CUSTOMERS);
  expect(new Set(paid.map((message) => message.id)).size).toBe(CUSTOMERS);
  expect((await rebuildDiff(first.db)).differences).toEqual([]);
});
