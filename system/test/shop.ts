import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseInstant } from '@perennial/calendar';
import {
  addressesFrom,
  Client,
  type EmbeddedSystem,
  environmentFor,
  keysIn,
  startSystem,
} from '@perennial/embedded';
import { createLogger } from '@perennial/logger';
import { freePortBase } from '@perennial/testing';
import { z } from 'zod';
import { type Door, sendEvent } from './aurora-event';
import { type Overheard, overheardTransport } from './overheard-transport';

// biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was answered
export type Json = any;

export interface Purchase {
  readonly interval?: 'monthly' | 'quarterly' | 'annual';
  readonly quantity?: number;
  readonly price?: { readonly amountMinor: number; readonly currency: string };
  readonly purchasedAt?: string;
  readonly firstCharge?: 'anniversary' | 'purchase';
}

export interface ShopOptions {
  readonly now?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** At which addresses the parts find each other; default: at their own. */
  readonly reach?: (own: Addresses) => Promise<Addresses>;
}

export type Addresses = ReturnType<typeof addressesFrom>;

const Created = z.object({ id: z.string() });

/** The whole system in memory, on a clock that tests move, spoken to over HTTP only. */
export class Shop {
  private constructor(
    readonly system: EmbeddedSystem,
    readonly client: Client,
    readonly overheard: Overheard,
    readonly addresses: Addresses,
    readonly keys: ReturnType<typeof keysIn>,
    /** Where Aurora's events come in. */
    readonly door: Door,
    private readonly folder: string,
    /** Every line of the log. */
    readonly logged: readonly string[],
  ) {}

  static async open({
    now = '2026-01-05T12:00:00Z',
    env = {},
    reach = async (own) => own,
  }: ShopOptions = {}): Promise<Shop> {
    const folder = mkdtempSync(join(tmpdir(), 'perennial-system-'));
    const own = addressesFrom(await freePortBase([1, 2, 3, 4, 101, 102, 103]));
    const addresses = await reach(own);
    const keys = keysIn(folder);
    const logged: string[] = [];
    const destination = { write: (line: string) => void logged.push(line) };
    const overheard = overheardTransport();
    const system = await startSystem({
      folder: null,
      env: environmentFor(keys, addresses, {
        PROVIDER_TIMEOUT_MS: '300',
        RECONCILE_AT: 'never',
        ...env,
      }),
      addresses,
      start: parseInstant(now),
      logger: createLogger({ name: 'system', level: 'debug', destination }),
      temporary: true,
      transport: overheard.transport,
    });
    const door = {
      url: `${addresses.webhooks.url}/webhooks/aurora`,
      secret: keys.auroraWebhookSecret,
    };
    const client = new Client(addresses, keys.token);
    return new Shop(system, client, overheard, addresses, keys, door, folder, logged);
  }

  get secrets(): readonly string[] {
    return Object.values(this.keys);
  }

  async close(): Promise<void> {
    this.client.close();
    await this.system.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Lives on until then; all that falls due on the way happens. */
  async until(instant: string): Promise<void> {
    await this.system.timeline.advance(parseInstant(instant));
  }

  /** Jumps there: the time between is time in which the system was down. */
  async downUntil(instant: string): Promise<void> {
    await this.system.timeline.settle();
    await this.system.clock.set(parseInstant(instant));
    await this.system.timeline.settle();
  }

  /** `card`: words of the payment method's token, which tell the simulator what to do. */
  async customer(card = 'ok', more: object = {}): Promise<string> {
    const person = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org' };
    const method = { provider: 'aurora', paymentMethod: `pm_${card}` };
    const body = { ...person, ...method, ...more };
    return (await this.client.post('subscriptions', '/customers', body, Created)).id;
  }

  async buy(customerId: string, purchase: Purchase = {}): Promise<string> {
    const { price = { amountMinor: 1250, currency: 'GBP' }, quantity = 1, ...rest } = purchase;
    const product = { name: 'Night cream', unitPrice: price };
    const { id: productId } = await this.client.post(
      'subscriptions',
      '/products',
      product,
      Created,
    );
    const body = { customerId, productId, quantity, interval: 'monthly', ...rest };
    const { id } = await this.client.post('subscriptions', '/subscriptions', body, Created);
    await this.system.timeline.settle();
    return id;
  }

  /** A customer with one monthly subscription. */
  async subscriber(card = 'ok', purchase: Purchase = {}): Promise<string> {
    return this.buy(await this.customer(card), purchase);
  }

  async get(service: 'billing' | 'subscriptions' | 'webhooks', path: string): Promise<Json> {
    return this.client.send('GET', service, path);
  }

  /** Sends, and lets all that comes of it happen. */
  async send(
    method: string,
    service: 'billing' | 'subscriptions' | 'aurora' | 'crm',
    path: string,
    body?: object,
  ): Promise<Json> {
    const answer = await this.client.send(method, service, path, body);
    await this.system.timeline.settle();
    return answer;
  }

  subscription(id: string): Promise<Json> {
    return this.get('subscriptions', `/subscriptions/${id}`);
  }

  /** Oldest first. */
  async payments(subscriptionId: string): Promise<Json[]> {
    const { data } = await this.get('billing', `/payments?subscriptionId=${subscriptionId}`);
    return data.reverse();
  }

  async onlyPayment(subscriptionId: string): Promise<Json> {
    const payments = await this.payments(subscriptionId);
    expect(payments).toHaveLength(1);
    return payments[0];
  }

  async discrepancies(): Promise<string[]> {
    const { data } = await this.get('billing', '/discrepancies');
    return data.map(({ kind }: Json) => kind).sort();
  }

  /** Days and amounts at which money moved, by the provider's own ledger. */
  charged(card?: string): string[] {
    const { charges } = this.system.simulators.aurora?.ledger() ?? { charges: [] };
    return charges
      .filter(({ paymentMethod }) => card === undefined || paymentMethod === `pm_${card}`)
      .map(({ createdAt, amount, currency }) => `${createdAt.slice(0, 10)} ${amount} ${currency}`);
  }

  refunded(): number[] {
    const { refunds } = this.system.simulators.aurora?.ledger() ?? { refunds: [] };
    return refunds.map(({ amount }) => amount);
  }

  mails(): string[] {
    return (this.system.simulators.crm?.sent() ?? []).map(({ template }) => template);
  }

  loseCard(card: string, cause = 'expired'): Promise<Json> {
    const body = { paymentMethod: `pm_${card}`, cause };
    return this.send('POST', 'aurora', '/_sim/card-unavailable', body);
  }

  faults(rates: object): Promise<Json> {
    return this.send('POST', 'aurora', '/_sim/faults', { seed: 1, rates });
  }

  /** An event as Aurora would send it, signed; answers the door's status. */
  async event(id: string, type: string, data: object): Promise<number> {
    const status = await sendEvent(this.door, { id, type, data }, this.system.clock.now());
    await this.system.timeline.settle();
    return status;
  }

  /** What Aurora's event says of one of our attempts. */
  async outcome(type: 'succeeded' | 'failed', paymentId: string, attemptNumber: number) {
    const payment = await this.get('billing', `/payments/${paymentId}`);
    const attempt = payment.attempts.find(({ number }: Json) => number === attemptNumber);
    return this.event(`evt_own_${attemptNumber}_${type}`, `payment.${type}`, {
      paymentId: attempt.providerReference,
      merchantReference: await this.referenceOf(attempt.idempotencyKey),
      amount: attempt.amount.amountMinor,
      currency: attempt.amount.currency,
      status: type,
      ...(type === 'failed' && { failure: { code: 'do_not_honor', message: 'no' } }),
      sequence: 9,
    });
  }

  private async referenceOf(idempotencyKey: string): Promise<string> {
    const { data }: Json = await this.client.send('GET', 'aurora', '/_sim/requests');
    const sent = data.find((request: Json) => request.idempotencyKey === idempotencyKey);
    return sent.body.merchantReference;
  }
}

let open: Shop[] = [];

export async function openShop(options?: ShopOptions): Promise<Shop> {
  const shop = await Shop.open(options);
  open.push(shop);
  return shop;
}

afterEach(async () => {
  const closing = open;
  open = [];
  for (const shop of closing) await shop.close();
});
