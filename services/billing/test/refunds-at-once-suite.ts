import { randomUUID } from 'node:crypto';
import { rebuildDiff } from '../src';
import { type Running, runBilling } from './running-billing';
import { subscribersOf } from './subscribers';

const DUE = '2026-02-28T06:00:00Z';

/** What two people, the provider's dashboard and crossing messages may do to one payment of 10.00. */
export function describeRefundsAtOnce(databaseUrl: () => Promise<string>): void {
  let running: Running;
  let subscribers: ReturnType<typeof subscribersOf>;
  beforeEach(async () => {
    running = await runBilling(await databaseUrl());
    subscribers = subscribersOf(running);
  });
  afterEach(async () => {
    expect((await rebuildDiff(running.db)).differences).toEqual([]);
    await running.stop();
  });

  const charged = async (paymentMethod = 'pm_ok') => {
    const customer = await subscribers.customer(paymentMethod);
    await subscribers.subscription(customer, { amountMinor: 1000 });
    await running.until(DUE);
  };
  const payment = async () => {
    const [{ id }] = (await running.call('GET', '/payments')).body.data;
    return (await running.call('GET', `/payments/${id}`)).body;
  };
  const ask = (paymentId: string, amountMinor: number) =>
    running.call('POST', `/payments/${paymentId}/refunds`, {
      body: { reason: 'requested_by_customer', amountMinor },
      headers: { 'Idempotency-Key': randomUUID() },
    });
  const charge = () => running.aurora.ledger().charges[0]?.id ?? '';
  const kinds = async () =>
    (await running.call('GET', '/discrepancies')).body.data.map(
      ({ kind }: { kind: string }) => kind,
    );
  const promised = async () =>
    (await payment()).refunds
      .filter(({ status }: { status: string }) => status !== 'failed')
      .reduce((sum: number, refund: { amount: { amountMinor: number } }) => {
        return sum + refund.amount.amountMinor;
      }, 0);

  test('two operators with 60 % each: one has it, the other is told that it is too much', async () => {
    await charged();
    const { id } = await payment();
    const answers = await Promise.all([ask(id, 600), ask(id, 600)]);
    const told = answers.map(({ status, body }) => [status, body.code]).sort();
    expect(told).toEqual([
      [201, undefined],
      [422, 'exceeds-payment'],
    ]);
    await running.until('2026-03-01T00:00:00Z');
    expect(running.aurora.ledger().refunds.map(({ amount }) => amount)).toEqual([600]);
  });

  test('an operator and the dashboard with 60 % each: never more than was captured', async () => {
    await charged();
    const { id } = await payment();
    const [{ status }] = await Promise.all([ask(id, 600), subscribers.refundTold(charge(), 600)]);
    expect(await promised()).toBe(600);
    await running.until('2026-03-02T00:00:00Z');
    expect(await promised()).toBe(600);
    // Who came second is refused: the operator at once, the dashboard by being shown.
    expect([status, await kinds()]).toEqual(
      status === 201 ? [201, ['refund_exceeds_payment']] : [422, []],
    );
  });

  test('ten refunds from the dashboard at once, of 20 % each: five fit', async () => {
    await charged();
    await Promise.all(Array.from({ length: 10 }, () => subscribers.refundTold(charge(), 200)));
    expect(await promised()).toBe(1000);
    expect(await kinds()).toEqual(Array.from({ length: 5 }, () => 'refund_exceeds_payment'));
  });

  test('told before we know of the success: applied as soon as we do, once', async () => {
    await charged('pm_500_after_1');
    expect((await payment()).status).toBe('processing');
    await subscribers.refundTold(charge(), 400);
    expect((await payment()).refunds).toEqual([]);
    await running.until('2026-02-28T06:00:29.999Z');
    expect((await payment()).refunds).toEqual([]);
    await running.until('2026-02-28T06:00:30Z');
    const refunds = [{ amount: { amountMinor: 400 }, status: 'succeeded', origin: 'provider' }];
    expect(await payment()).toMatchObject({ status: 'succeeded', refunds });
    await running.until('2026-03-02T00:00:00Z');
    expect((await payment()).refunds).toHaveLength(1);
    expect(await kinds()).toEqual([]);
  });
}
