import { type Interval, instantOfMs } from '@perennial/calendar';
import type { Chance } from '../chance';
import type { ProviderName } from '../record';
import { type BillingMoment, billingMoments, endMs, type Window } from './billing-moments';
import { failingCard, goodCard, miserlyCard, moodyCard } from './cards';
import { CATALOGUE } from './catalogue';
import type { Card, Doing, Life, PlannedSubscription } from './life';

interface Planned {
  readonly atMs: number;
  readonly doing: Doing;
}

export type Manner = 'good' | 'moody' | 'failing' | 'miserly';

/** A life while it is thought up. */
export class Draft {
  readonly cards: Card[] = [];
  readonly subscriptions: PlannedSubscription[] = [];
  readonly billing: BillingMoment[] = [];
  /** The billing date around which things gather. */
  crux: BillingMoment | null = null;
  private readonly planned: Planned[] = [];

  constructor(
    readonly person: number,
    readonly window: Window,
    private readonly luck: Chance,
    readonly registersAtMs: number,
  ) {}

  /** What happens before registering or after the end does not happen. */
  plan(atMs: number, doing: Doing): void {
    const happens = atMs >= this.registersAtMs && atMs < endMs(this.window);
    if (happens) this.planned.push({ atMs, doing });
  }

  /** Gives the place of the card, which is then the one in use. */
  newCard(provider: ProviderName, manner: Manner, fromMs = this.registersAtMs): number {
    const place = this.cards.length;
    const card = goodCard(provider, this.person, place + 1);
    const luck = this.luck.of('card', place);
    const { crux } = this;
    if (manner === 'good') this.cards.push(card);
    else if (manner === 'miserly') this.cards.push(miserlyCard(luck, card));
    else if (manner === 'failing' && crux) this.cards.push(failingCard(luck, card, crux));
    else this.cards.push(moodyCard(luck, card, { fromMs, crux }));
    return place;
  }

  get provider(): ProviderName {
    return this.cards.at(-1)?.provider ?? 'aurora';
  }

  buy(atMs: number, like: Partial<PlannedSubscription>): void {
    const place = this.subscriptions.length;
    const subscription = { ...this.someSubscription(place), ...like };
    this.subscriptions.push(subscription);
    this.billing.push(...billingMoments(place, subscription, atMs, this.window));
    this.plan(atMs, { kind: 'subscribe', subscription: place });
  }

  private someSubscription(place: number): PlannedSubscription {
    const luck = this.luck.of('subscription', place);
    const product = luck.weighted(
      CATALOGUE.map(({ price }, index) => [price.currency === 'GBP' ? 5 : 2, index] as const),
      'product',
    );
    return {
      product,
      quantity: luck.between(1, 3, 'quantity'),
      interval: luck.weighted<Interval>(
        [
          [52, 'monthly'],
          [28, 'quarterly'],
          [20, 'annual'],
        ],
        'interval',
      ),
      firstCharge: luck.is(0.15, 'first charge') ? 'purchase' : 'anniversary',
      purchasedAt: null,
    };
  }

  finished(combineCharges: boolean): Life {
    const acts = this.planned
      .map((one, place) => ({ ...one, place }))
      .sort((one, other) => one.atMs - other.atMs || one.place - other.place)
      .map(({ atMs, doing }, number) => ({ number, at: instantOfMs(atMs), ...doing }));
    const { person, cards, subscriptions } = this;
    return { person, combineCharges, cards, subscriptions, acts };
  }
}
