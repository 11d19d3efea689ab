import { join } from 'node:path';
import {
  billingSettingsFor,
  chargedThrough,
  createBilling,
  type OpenChargedProvider,
} from '@perennial/billing';
import { adaptersIn, parseSettings } from '@perennial/service';
import { createSubscriptions, SubscriptionsSettings } from '@perennial/subscriptions';
import {
  createWebhooks,
  listenedTo,
  type OpenHeardProvider,
  webhooksSettingsFor,
} from '@perennial/webhooks';
import { Cumulus } from './test/cumulus';
import { FewServices } from './test/few-services';

const KEYS = { key: 'cumulus-key', secret: 'cumulus-secret' };
const fixtures = (service: string) =>
  join(__dirname, `../services/${service}/test/fixtures/providers`);
/** What the services find in their folders, as if one more were there. */
const charging = [...chargedThrough, ...adaptersIn<OpenChargedProvider>(fixtures('billing'))];
const hearing = [...listenedTo, ...adaptersIn<OpenHeardProvider>(fixtures('webhooks'))];

const cumulus = new Cumulus(KEYS);
let services: FewServices;
let url: string;
beforeAll(async () => {
  url = await cumulus.listen();
});
beforeEach(async () => {
  cumulus.charges.length = 0;
  services = await FewServices.start('2026-01-05T12:00:00Z', {
    subscriptions: (ports, env) => {
      const settings = { ...env, PROVIDERS: 'aurora,borealis,cumulus' };
      return createSubscriptions(ports, parseSettings(SubscriptionsSettings, settings));
    },
    billing: (ports, env) => {
      const settings = { ...env, CUMULUS_URL: url, CUMULUS_KEY: KEYS.key };
      return createBilling(ports, parseSettings(billingSettingsFor(charging), settings));
    },
    webhooks: (ports, env) => {
      const settings = { ...env, CUMULUS_WEBHOOK_SECRET: KEYS.secret };
      return createWebhooks(ports, parseSettings(webhooksSettingsFor(hearing), settings));
    },
  });
});
afterEach(() => services.stop());
afterAll(() => cumulus.close());

/** A customer of the third provider with a monthly subscription, on its first billing date. */
async function due(): Promise<string> {
  const person = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org' };
  const method = { provider: 'cumulus', paymentMethod: 'card-1' };
  const customer = await services.post('subscriptions', '/customers', { ...person, ...method });
  const unitPrice = { amountMinor: 1250, currency: 'GBP' };
  const product = { name: 'Night cream', unitPrice };
  const { id: productId } = await services.post('subscriptions', '/products', product);
  const order = { customerId: customer.id, productId, quantity: 2, interval: 'monthly' };
  const { id } = await services.post('subscriptions', '/subscriptions', order);
  await services.until('2026-02-05T07:00:00Z');
  return id;
}

async function told(state: 'paid' | 'refused'): Promise<number> {
  const [charge] = cumulus.charges;
  if (!charge) throw new Error('nothing was charged');
  const door = `${services.url('webhooks')}/webhooks/cumulus`;
  const status = await cumulus.decide(charge, state, door, services.now());
  await services.settle();
  return status;
}

const paymentsOf = async (id: string) =>
  (await services.get('billing', `/payments?subscriptionId=${id}`)).data;

test('a customer is charged through a provider that no other file knows, and its webhook counts', async () => {
  const id = await due();
  const reference = expect.stringMatching(/^[0-9a-f]{20}$/);
  expect(cumulus.charges).toEqual([
    { id: reference, ref: 'cu_0', state: 'waiting', cents: 2500, currency: 'GBP' },
  ]);
  expect(await paymentsOf(id)).toMatchObject([{ status: 'processing', provider: 'cumulus' }]);
  expect(await told('paid')).toBe(202);
  expect(await told('paid')).toBe(200);
  expect(await paymentsOf(id)).toMatchObject([
    { status: 'succeeded', provider: 'cumulus', amount: { amountMinor: 2500, currency: 'GBP' } },
  ]);
  const subscription = await services.get('subscriptions', `/subscriptions/${id}`);
  expect(subscription).toMatchObject({ status: 'active' });
});

test('what it declines is tried again on the next day', async () => {
  const id = await due();
  expect(await told('refused')).toBe(202);
  expect(await paymentsOf(id)).toMatchObject([{ status: 'retrying' }]);
  await services.until('2026-02-06T07:00:00Z');
  expect(cumulus.charges).toHaveLength(2);
});

test('what it never tells, an enquiry finds out', async () => {
  const id = await due();
  for (const charge of cumulus.charges) charge.state = 'paid';
  await services.until('2026-02-05T07:30:00Z');
  expect(await paymentsOf(id)).toMatchObject([{ status: 'succeeded' }]);
});

test('a webhook that does not know the secret is nobody’s', async () => {
  await due();
  const stranger = new Cumulus({ ...KEYS, secret: 'another' });
  const [charge] = cumulus.charges;
  if (!charge) throw new Error('nothing was charged');
  const door = `${services.url('webhooks')}/webhooks/cumulus`;
  expect(await stranger.decide(charge, 'paid', door, services.now())).toBe(401);
});
