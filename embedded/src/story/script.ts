import { type Instant, instantOfMs } from '@perennial/calendar';
import { z } from 'zod';
import type { Client } from './client';
import {
  type Person,
  type PlannedSubscription,
  PRODUCTS,
  type ProviderName,
  people,
  TOKEN_PREFIX,
} from './people';

const Created = z.object({ id: z.string() });

/** A subscription as the story knows it, for the expectation that is worked out without the system. */
export interface ToldSubscription {
  readonly id: string;
  readonly person: Person;
  readonly planned: PlannedSubscription;
  readonly registeredAtMs: number;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface Scene {
  readonly at: Instant;
  play(): Promise<void>;
}

const PRICES = [
  { name: 'Cleansing balm', amountMinor: 1250, currency: 'GBP' },
  { name: 'Night cream', amountMinor: 2400, currency: 'GBP' },
  { name: 'Sun fluid', amountMinor: 1999, currency: 'GBP' },
  { name: 'Serum', amountMinor: 3550, currency: 'EUR' },
  { name: 'Rice toner', amountMinor: 2800, currency: 'JPY' },
  { name: 'Rose oil', amountMinor: 12_500, currency: 'KWD' },
] as const;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Everything that the shop and its customers do, in order of time. */
export class Script {
  readonly told: ToldSubscription[] = [];
  private readonly customerIds = new Map<number, string>();
  private productIds: string[] = [];

  constructor(
    private readonly client: Client,
    private readonly window: { readonly startMs: number; readonly endMs: number },
    private readonly shape: { readonly customers: number; readonly seed: number },
  ) {}

  scenes(): Scene[] {
    const { startMs, endMs } = this.window;
    const scenes = [scene(startMs, () => this.openShop())];
    for (const person of people(this.shape, startMs, endMs)) {
      scenes.push(
        scene(person.joinsAtMs, () => this.join(person)),
        ...this.fateOf(person),
      );
    }
    scenes.push(...this.hiccups(), ...this.refunds());
    return scenes.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  private async openShop(): Promise<void> {
    for (const { name, amountMinor, currency } of PRICES.slice(0, PRODUCTS)) {
      const body = { name, unitPrice: { amountMinor, currency } };
      this.productIds.push(
        (await this.client.post('subscriptions', '/products', body, Created)).id,
      );
    }
  }

  private async join(person: Person): Promise<void> {
    const { number, provider, token, combineCharges } = person;
    const customer = {
      firstName: `Given${number}`,
      lastName: `Family${number}`,
      email: `person${number}@story.example`,
      ...{ provider, paymentMethod: token, combineCharges },
    };
    const { id } = await this.client.post('subscriptions', '/customers', customer, Created);
    this.customerIds.set(number, id);
    for (const planned of person.subscriptions) await this.subscribe(id, person, planned);
  }

  private async subscribe(customerId: string, person: Person, planned: PlannedSubscription) {
    const { quantity, interval, firstCharge, purchasedAtMs } = planned;
    const body = {
      ...{
        customerId,
        productId: this.productIds[planned.product],
        quantity,
        interval,
        firstCharge,
      },
      purchasedAt: instantOfMs(purchasedAtMs),
    };
    const { id } = await this.client.post('subscriptions', '/subscriptions', body, Created);
    const price = PRICES[planned.product] ?? PRICES[0];
    const amountMinor = price.amountMinor * quantity;
    const registeredAtMs = person.joinsAtMs;
    this.told.push({ id, person, planned, registeredAtMs, amountMinor, currency: price.currency });
  }

  private fateOf(person: Person): Scene[] {
    const { fate, fateAtMs, token, provider } = person;
    if (fate === 'nothing' || fateAtMs >= this.window.endMs - DAY_MS) return [];
    const at = (ms: number, play: () => Promise<void>) => scene(fateAtMs + ms, play);
    const card = { paymentMethod: token, cause: person.number % 2 === 0 ? 'expired' : 'cancelled' };
    const lose = at(0, async () => {
      await this.client.send('POST', provider, '/_sim/card-unavailable', card);
    });
    switch (fate) {
      case 'loses the card':
        return [lose];
      case 'replaces the card':
        return [lose, at(2 * DAY_MS, () => this.replaceCard(person, provider))];
      case 'switches the provider':
        return [at(0, () => this.replaceCard(person, otherThan(provider)))];
      case 'cancels at the next date':
        return [at(0, () => this.cancel(person, 'next_billing_date'))];
      case 'cancels now':
        return [at(0, () => this.cancel(person, 'now'))];
      case 'thinks better of it':
        return [
          at(0, () => this.cancel(person, 'next_billing_date')),
          at(HOUR_MS, () => this.takeBack(person)),
        ];
      case 'is erased':
        return [at(0, () => this.customer(person, 'DELETE', ''))];
    }
  }

  private async replaceCard(person: Person, provider: ProviderName): Promise<void> {
    const paymentMethod = `${TOKEN_PREFIX[provider]}_ok_replaced_${person.number}`;
    const method = { provider, paymentMethod };
    await this.customer(person, 'PUT', '/payment-method', method);
  }

  private async customer(person: Person, method: string, path: string, body?: object) {
    const id = this.customerIds.get(person.number);
    await this.client.send(method, 'subscriptions', `/customers/${id}${path}`, body);
  }

  private async cancel(person: Person, when: string): Promise<void> {
    for (const { id } of this.subscriptionsOf(person)) {
      await this.client.send('POST', 'subscriptions', `/subscriptions/${id}/cancellation`, {
        when,
      });
    }
  }

  private async takeBack(person: Person): Promise<void> {
    for (const { id } of this.subscriptionsOf(person)) {
      await this.client.send('DELETE', 'subscriptions', `/subscriptions/${id}/cancellation`);
    }
  }

  private subscriptionsOf(person: Person): ToldSubscription[] {
    return this.told.filter((one) => one.person === person);
  }

  /** Days on which the providers turn half of all calls away, or lose answers. */
  private hiccups(): Scene[] {
    const { startMs, endMs } = this.window;
    const days = [0.2, 0.45, 0.7].map((part) =>
      Math.floor((startMs + part * (endMs - startMs)) / DAY_MS),
    );
    const faults = (rates: object) => async () => {
      for (const provider of ['aurora', 'borealis'] as const) {
        await this.client.send('POST', provider, '/_sim/faults', { seed: this.shape.seed, rates });
      }
    };
    return days.flatMap((day, index) => [
      scene(day * DAY_MS, faults(index === 1 ? { '500_after': 0.3 } : { '503_before': 0.5 })),
      scene((day + 1) * DAY_MS + 12 * HOUR_MS, faults({})),
    ]);
  }

  /** Now and then somebody wants money back: of the shop, or straight from the provider. */
  private refunds(): Scene[] {
    const { startMs, endMs } = this.window;
    const scenes: Scene[] = [];
    for (let at = startMs + 45 * DAY_MS; at < endMs - 2 * DAY_MS; at += 6 * DAY_MS) {
      const inDashboard = scenes.length % 3 === 2;
      scenes.push(scene(at + 15 * HOUR_MS, () => this.refundNewest(inDashboard)));
    }
    return scenes;
  }

  private async refundNewest(inDashboard: boolean): Promise<void> {
    const Found = z.object({
      data: z.array(
        z.object({
          id: z.string(),
          provider: z.enum(['aurora', 'borealis']),
          amountRefunded: z.object({ amountMinor: z.number() }),
          attempts: z.array(
            z.object({ status: z.string(), providerReference: z.string().nullable() }),
          ),
        }),
      ),
    });
    const { data } = await this.client.get('billing', '/payments?status=succeeded&limit=1', Found);
    const [payment] = data;
    if (!payment || payment.amountRefunded.amountMinor > 0) return;
    const reason = 'requested_by_customer';
    if (!inDashboard) {
      await this.client.send('POST', 'billing', `/payments/${payment.id}/refunds`, { reason });
      return;
    }
    const paid = payment.attempts.find(({ status }) => status === 'succeeded');
    const refund = { reference: paid?.providerReference, amount: 100, reason };
    await this.client.send('POST', payment.provider, '/_sim/refund', refund);
  }
}

function otherThan(provider: ProviderName): ProviderName {
  return provider === 'aurora' ? 'borealis' : 'aurora';
}

function scene(ms: number, play: () => Promise<void>): Scene {
  return { at: instantOfMs(ms), play };
}
