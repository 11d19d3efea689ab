import { testMysqlUrl } from '@perennial/testing';
import { type Running, runService } from '../test/running-service';
import { shopOf } from '../test/shop';

let running: Running;
let shop: ReturnType<typeof shopOf>;

beforeAll(async () => {
  running = await runService(await testMysqlUrl());
  shop = shopOf(running);
});
afterAll(() => running?.stop());

const methodOf = async (customer: string) =>
  (await running.call('GET', `/customers/${customer}`)).body.paymentMethod;
const replaceCard = (customer: string, paymentMethod: string) =>
  running.call('PUT', `/customers/${customer}/payment-method`, {
    body: { provider: 'aurora', paymentMethod },
  });
const rounds = Array.from({ length: 5 }, (_, round) => round);

test.each(rounds)(
  'ten words of a lost card and a new card at once: it lives on (%i)',
  async (n) => {
    const old = `pm_old_${n}`;
    const customer = await shop.customer({ paymentMethod: old });
    const subscription = await shop.subscription(customer);
    const words = Array.from({ length: 10 }, () => running.deliver(shop.cardUnavailable(old)));
    const [answer] = await Promise.all([replaceCard(customer, `pm_new_${n}`), ...words]);
    expect(answer.status).toBe(200);
    expect((await shop.read(subscription)).cancellation).toBeNull();
    const mine = running.told.filter(({ subject }) => subject === subscription);
    expect(new Set(mine.map(({ version }) => version)).size).toBe(mine.length);
  },
);

test.each(rounds)(
  'a card that is lost while it is registered: refused or cancelled (%i)',
  async (n) => {
    const customer = await shop.customer();
    const subscription = await shop.subscription(customer);
    const card = `pm_fragile_${n}`;
    const [{ status }] = await Promise.all([
      replaceCard(customer, card),
      running.deliver(shop.cardUnavailable(card)),
    ]);
    const { cancellation } = await shop.read(subscription);
    if (status === 422) expect(cancellation).toBeNull();
    else expect([status, cancellation?.reason]).toEqual([200, 'card_expired']);
  },
);

test.each(rounds)(
  'a subscription that starts while the card is lost: refused or cancelled (%i)',
  async (n) => {
    const card = `pm_brittle_${n}`;
    const customer = await shop.customer({ paymentMethod: card });
    const [subscription] = await Promise.all([
      shop.subscription(customer),
      running.deliver(shop.cardUnavailable(card)),
    ]);
    if (subscription === undefined) return;
    expect((await shop.read(subscription)).cancellation?.reason).toBe('card_expired');
  },
);

test.each(rounds)('two new cards at once: one after the other, the later stays (%i)', async (n) => {
  const customer = await shop.customer();
  const cards = [`pm_first_${n}`, `pm_second_${n}`];
  const answers = await Promise.all(cards.map((card) => replaceCard(customer, card)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const changes = running.told.filter(
    ({ subject, version }) => subject === customer && version > 1,
  );
  expect(changes.map(({ version }) => version).sort()).toEqual([2, 3]);
  const last = changes.find(({ version }) => version === 3);
  expect(last?.data).toMatchObject({ paymentMethod: (await methodOf(customer)).reference });
});

test('two ends at once: one is told', async () => {
  const subscription = await shop.subscription(await shop.customer());
  const path = `/subscriptions/${subscription}/cancellation`;
  const cancel = () => running.call('POST', path, { body: { when: 'now' } });
  const answers = await Promise.all([cancel(), cancel()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});
