import { verifyAudit } from '@perennial/audit';
import { rebuildDiff } from '@perennial/billing';
import type { LedgerCharge } from '@perennial/simulators';
import { aurora } from './aurora-side';
import { borealis } from './borealis-side';
import { Gate, type Kind, type Place } from './gate';
import { overtake } from './overtake';
import type { ProviderName, ProviderSide, Sent } from './provider-side';
import { type Json, type Purchase, Shop, type ShopOptions } from './shop';

const SIDES: Readonly<Record<ProviderName, ProviderSide>> = { aurora, borealis };

export interface OrdealOptions extends ShopOptions {
  /** An answer is awaited no longer than this; by default as long as a test may hold it back. */
  readonly timeoutMs?: number;
  /** Events say what the provider's books do not, or the books are looked into by the test itself. */
  readonly booksDiffer?: boolean;
  /** Reconciled every morning, and not only at the end of the story. */
  readonly daily?: boolean;
}

/** All that is asserted of a subscription in one look, from everybody's point of view. */
export interface Picture {
  /** Days and amounts at which the provider moved money. */
  readonly ledger: readonly string[];
  readonly refunded: readonly number[];
  /** Charges as they were sent: a letter for each key, a number for each body. */
  readonly sent: string;
  /** Each with the fate of its attempts. */
  readonly payments: readonly string[];
  readonly subscription: string;
  /** Those that nobody has to look at any more say so. */
  readonly discrepancies: readonly string[];
  readonly mails: readonly string[];
}

/** Paid at once, on the fifth of February; a test says what is different. */
export const PAID: Picture = {
  ledger: ['2026-02-05 1250 GBP'],
  refunded: [],
  sent: 'A1',
  payments: ['2026-02-05 succeeded: succeeded by response'],
  subscription: 'active, next 2026-03-05',
  discrepancies: [],
  mails: ['payment_receipt'],
};

/** A shop with a gate on its line to the provider and one before its own door for webhooks. */
export class Ordeal {
  private constructor(
    readonly shop: Shop,
    readonly provider: ProviderSide,
    readonly line: Gate,
    readonly door: Gate,
    private readonly booksDiffer: boolean,
  ) {}

  static async open(name: ProviderName, options: OrdealOptions = {}): Promise<Ordeal> {
    const { timeoutMs = 15_000, booksDiffer = false, daily = false, env, ...rest } = options;
    const gates: Gate[] = [];
    const shop = await Shop.open({
      ...rest,
      env: {
        PROVIDER_TIMEOUT_MS: String(timeoutMs),
        ...(!daily && { RECONCILE_AT: 'never' }),
        ...env,
      },
      reach: async (own) => {
        const [line, door] = [await Gate.open(own[name].url), await Gate.open(own.webhooks.url)];
        gates.push(line, door);
        const provider = { ...own[name], url: line.url };
        return { ...own, [name]: provider, webhooks: { ...own.webhooks, url: door.url } };
      },
    });
    const [line, door] = gates;
    if (!line || !door) throw new Error('the gates were not opened');
    return new Ordeal(shop, SIDES[name], line, door, booksDiffer);
  }

  customer(card = 'ok', more: object = {}): Promise<string> {
    const method = { provider: this.provider.name, paymentMethod: this.provider.method(card) };
    return this.shop.customer(card, { ...method, ...more });
  }

  /** A customer with one monthly subscription, due on the fifth. */
  async subscriber(card = 'ok', purchase: Purchase = {}): Promise<string> {
    return this.shop.buy(await this.customer(card), purchase);
  }

  /** At the simulator's own controls, behind our back. */
  async steer(path: string, body: object): Promise<Json> {
    const request = { method: 'POST', body: JSON.stringify(body) };
    const answer = await fetch(`${this.line.target}/_sim${path}`, request);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.status === 204 ? undefined : answer.json();
  }

  /** By an event of the test's own, at once. */
  async tellLostCard(card: string): Promise<void> {
    const at = this.shop.system.clock.now();
    const lost = { eventId: '31', paymentMethod: this.provider.method(card), at };
    expect(await this.provider.tellLostCard(this.shop, lost)).toBeLessThan(300);
  }

  async loseCard(card: string, cause = 'expired'): Promise<void> {
    await this.steer('/card-unavailable', { paymentMethod: this.provider.method(card), cause });
    await this.shop.system.timeline.settle();
  }

  replaceCard(customerId: string, card: string, provider: string = this.provider.name) {
    const paymentMethod = SIDES[provider as ProviderName]?.method(card) ?? card;
    const path = `/customers/${customerId}/payment-method`;
    return this.shop.client.send('PUT', 'subscriptions', path, { provider, paymentMethod });
  }

  /**
   * Lives on until then; but while one exchange is under way, `meanwhile` happens. After that it goes
   * on, or is lost.
   */
  async during(
    [kind, place]: readonly [Kind, Place],
    until: string,
    meanwhile: () => unknown,
    fate?: 'lost',
  ): Promise<void> {
    const held = this.line.hold(kind, place);
    const living = this.shop.until(until);
    await Promise.race([held.reached, living]);
    try {
      await meanwhile();
    } finally {
      held.release(fate);
      await living;
    }
  }

  /** A service's messages get through now, while an answer is still awaited. */
  overtake(...services: Parameters<typeof overtake>[1][]): Promise<void> {
    return services.reduce<Promise<void>>(
      (before, service) => before.then(() => overtake(this.shop, service)),
      Promise.resolve(),
    );
  }

  sent(kind: 'charge' | 'refund' = 'charge'): Sent[] {
    return this.provider.sent(this.line.asked, kind);
  }

  asked(kind: Kind): number {
    return this.line.asked.filter((asked) => asked.kind === kind).length;
  }

  /** An event about the n-th charge that was sent, whatever became of that; answers the door's status. */
  async tell(
    outcome: 'success' | 'failure',
    nth: number,
    more: { readonly eventId?: string; readonly at?: string; readonly sequence?: number } = {},
  ): Promise<number> {
    const sent = this.sent()[nth - 1];
    if (!sent) throw new Error(`there is no charge number ${nth}`);
    const known = this.charges().find(
      ({ merchantReference }) => merchantReference === sent.reference,
    );
    return this.provider.tellOutcome(this.shop, {
      ...{
        eventId: `${nth}${outcome === 'success' ? 1 : 2}`,
        at: this.shop.system.clock.now(),
        sequence: 9,
        ...more,
      },
      ...{ outcome, reference: sent.reference, providerReference: known?.id ?? 'pay_0' },
      amountMinor: known?.amount ?? 1250,
    });
  }

  async picture(subscriptionId: string): Promise<Picture> {
    const { shop } = this;
    const payments = await shop.payments(subscriptionId);
    const { refunds } = this.ledger();
    return {
      ledger: this.charges().map(
        ({ createdAt, amount, currency }) => `${createdAt.slice(0, 10)} ${amount} ${currency}`,
      ),
      refunded: refunds.map(({ amount }) => amount),
      sent: numbered(this.sent()),
      payments: payments.map(paymentInWords),
      subscription: subscriptionInWords(await shop.subscription(subscriptionId)),
      discrepancies: await this.discrepancies(),
      mails: shop.mails(),
    };
  }

  private async discrepancies(): Promise<string[]> {
    const { data } = await this.shop.get('billing', '/discrepancies');
    return data
      .map(({ kind, state }: Json) => (state === 'open' ? kind : `${kind}, ${state}`))
      .sort();
  }

  /** What must hold in every scenario, whatever else happens. */
  async check(): Promise<void> {
    if (!this.booksDiffer) await this.checkBooks();
    const bodies = new Map<string, Set<string>>();
    for (const { key, body } of [...this.sent(), ...this.sent('refund')]) {
      bodies.set(key, (bodies.get(key) ?? new Set()).add(body));
    }
    expect([...bodies].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
    const references = this.charges().map(({ merchantReference }) => merchantReference);
    expect(references.length).toBe(new Set(references).size);
    const { databases } = this.shop.system;
    for (const db of [databases.billing, databases.subscriptions]) {
      expect(await verifyAudit(db)).toMatchObject({ ok: true });
    }
    expect((await rebuildDiff(databases.billing)).differences).toEqual([]);
    for (const db of Object.values(databases)) {
      const failed = await db.transaction((tx) => tx.select('SELECT * FROM failed_messages'));
      expect(failed).toEqual([]);
    }
  }

  /** In the end what we say is what the providers' books say, down to the last charge and refund. */
  private async checkBooks(): Promise<void> {
    const { shop } = this;
    const [from, to] = ['2026-01-01T00:00:00.000Z', shop.system.clock.now()];
    for (const provider of Object.keys(SIDES)) {
      const wanted = { provider, from, to };
      const { id } = await shop.send('POST', 'billing', '/reconciliations', wanted);
      expect(await shop.get('billing', `/reconciliations/${id}`)).toMatchObject({
        ...{ status: 'done', autoFixed: 0, discrepancies: [] },
      });
    }
  }

  private ledger() {
    const ledger = this.shop.system.simulators[this.provider.name]?.ledger();
    if (!ledger) throw new Error(`${this.provider.name} is not simulated`);
    return ledger;
  }

  charges(): readonly LedgerCharge[] {
    return this.ledger().charges;
  }

  /** At every provider. */
  allCharges(): readonly LedgerCharge[] {
    const { charges = [] } = this.shop.system.simulators.ledger() ?? {};
    return charges.toSorted((one, other) => one.createdAt.localeCompare(other.createdAt));
  }

  async close(): Promise<void> {
    await this.shop.close();
    await this.line.close();
    await this.door.close();
  }
}

/** A letter for each key, a number for each body. */
export function numbered(sent: readonly Sent[]): string {
  const keys = [...new Set(sent.map(({ key }) => key))];
  const bodies = [...new Set(sent.map(({ body }) => body))];
  return sent
    .map(({ key, body }) => {
      const letter = String.fromCharCode(65 + keys.indexOf(key));
      return `${letter}${bodies.indexOf(body) + 1}`;
    })
    .join(' ');
}

function paymentInWords({ billingDate, status, attempts }: Json): string {
  const fates = attempts.map(({ status: fate, settledBy }: Json) =>
    settledBy ? `${fate} by ${settledBy}` : fate,
  );
  return `${billingDate} ${status}: ${fates.join(', ')}`;
}

function subscriptionInWords({ status, nextBillingDate, endReason, cancellation }: Json): string {
  if (endReason) return `${status}, ${endReason}`;
  const end = cancellation ? `, ends ${cancellation.on} for ${cancellation.reason}` : '';
  return `${status}, next ${nextBillingDate}${end}`;
}

let open: Ordeal[] = [];

export async function openOrdeal(name: ProviderName, options?: OrdealOptions): Promise<Ordeal> {
  const ordeal = await Ordeal.open(name, options);
  open.push(ordeal);
  return ordeal;
}

afterEach(async () => {
  const closing = open;
  open = [];
  try {
    for (const ordeal of closing) await ordeal.check();
  } finally {
    for (const ordeal of closing) await ordeal.close();
  }
});
