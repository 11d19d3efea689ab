import { parseInstant } from '@perennial/calendar';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';
import type { ChargeEvidence } from '../domain/evidence';
import { claimDue, type PlannedCall } from './claim';
import { settle } from './settle';

const succeeded: ChargeEvidence = { outcome: 'succeeded', providerReference: 'pay_1' };
const declined: ChargeEvidence = {
  ...{ outcome: 'declined', reason: 'do_not_honor', rawReason: null },
  providerReference: 'pay_1',
};
const silence = async () => undefined;

let running: Running;
beforeEach(async () => {
  running = await runBilling();
});
afterEach(() => running.stop());

/** The one charge that is under way, and its customer's subscription. */
async function underWay() {
  const subscribers = subscribersOf(running);
  const customer = await subscribers.customer();
  const subscription = await subscribers.subscription(customer);
  await running.clock.set(parseInstant('2026-02-28T06:00:00Z'));
  const { calls } = await claimDue('aurora', 10, running.context, silence);
  const [planned] = calls;
  if (!planned) throw new Error('nothing is under way');
  return { planned, end: () => subscribers.endsNow(customer, subscription) };
}

const hear = (planned: PlannedCall, evidence: ChargeEvidence) =>
  settle([{ about: 'charge', planned, evidence }], running.context, silence);

async function picture() {
  const { data: discrepancies } = (await running.call('GET', '/discrepancies')).body;
  const { data: payments } = (await running.call('GET', '/payments')).body;
  const named = (list: Record<string, string>[], name: string) => list.map((one) => one[name]);
  return { discrepancies: named(discrepancies, 'kind'), payments: named(payments, 'status') };
}

test('a decline that is answered after the payment has succeeded is shown', async () => {
  const { planned } = await underWay();
  await hear(planned, succeeded);
  await hear(planned, declined);
  expect(await picture()).toEqual({
    discrepancies: ['contradicting_outcome'],
    payments: ['succeeded'],
  });
});

test('money that is answered after the payment was abandoned is recorded, and shown', async () => {
  const { planned, end } = await underWay();
  await end();
  await hear(planned, declined);
  expect(await picture()).toEqual({ discrepancies: [], payments: ['abandoned'] });
  await hear(planned, succeeded);
  expect(await picture()).toMatchObject({ payments: ['succeeded'] });
  expect((await picture()).discrepancies).toContain('late_success');
});
