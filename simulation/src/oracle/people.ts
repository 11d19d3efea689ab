import type { Deed, ProviderName, RunRecord, Span } from '../record';
import { Plan } from './plan';

type Kind = Deed['kind'];
type DeedOf<K extends Kind> = Extract<Deed, { kind: K }>;

export interface Method extends Span {
  /** Nobody ever said whether it was taken. */
  readonly uncertain?: true;
  readonly provider: ProviderName;
  readonly paymentMethod: string;
}

export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly combineCharges: boolean;
  /** In the order in which they were given. */
  readonly methods: Method[];
  readonly subscriptions: Subscription[];
  erased: (Span & { readonly uncertain?: true }) | null;
}

export interface Subscription {
  readonly id: string;
  readonly customer: Customer;
  readonly plan: Plan;
  /** What the customer said about its end, in order. */
  readonly words: (DeedOf<'cancelled'> | DeedOf<'cancellation-revoked'>)[];
}

/** What everybody did, by whom and what it is about. */
export interface People {
  readonly customers: ReadonlyMap<string, Customer>;
  readonly subscriptions: ReadonlyMap<string, Subscription>;
  /** When the card was lost at the provider, first, by `<provider> <method>`. */
  readonly lostCards: ReadonlyMap<string, readonly DeedOf<'card-lost'>[]>;
  readonly refundsAsked: readonly DeedOf<'refund-asked'>[];
}

export function peopleOf({ deeds }: RunRecord): People {
  const customers = new Map<string, Customer>();
  const subscriptions = new Map<string, Subscription>();
  const lostCards = new Map<string, DeedOf<'card-lost'>[]>();
  for (const deed of deeds) if (deed.kind === 'registered') register(deed, customers);
  for (const deed of deeds)
    if (deed.kind === 'subscribed') subscribe(deed, customers, subscriptions);
  for (const deed of deeds) {
    if (deed.kind === 'card-replaced') customers.get(deed.customerId)?.methods.push(deed);
    if (deed.kind === 'cancelled' || deed.kind === 'cancellation-revoked') {
      subscriptions.get(deed.subscriptionId)?.words.push(deed);
    }
    const erased = deed.kind === 'erased' ? customers.get(deed.customerId) : undefined;
    // Who asks again after that changes nothing.
    if (erased && deed.kind === 'erased' && !isSure(erased.erased)) {
      erased.erased = { ...deed, from: erased.erased?.from ?? deed.from };
    }
    if (deed.kind === 'card-lost') {
      const card = cardOf(deed);
      lostCards.set(card, [...(lostCards.get(card) ?? []), deed]);
    }
  }
  const refundsAsked = deeds.filter((deed) => deed.kind === 'refund-asked');
  return { customers, subscriptions, lostCards, refundsAsked };
}

export function cardOf(card: {
  readonly provider: string;
  readonly paymentMethod: string;
}): string {
  return `${card.provider} ${card.paymentMethod}`;
}

function register(deed: DeedOf<'registered'>, customers: Map<string, Customer>): void {
  const { customerId: id, name, combineCharges } = deed;
  customers.set(id, { id, name, combineCharges, methods: [deed], subscriptions: [], erased: null });
}

function subscribe(
  deed: DeedOf<'subscribed'>,
  customers: ReadonlyMap<string, Customer>,
  subscriptions: Map<string, Subscription>,
): void {
  const customer = customers.get(deed.customerId);
  if (!customer) return;
  const subscription = { id: deed.subscriptionId, customer, plan: new Plan(deed), words: [] };
  customer.subscriptions.push(subscription);
  subscriptions.set(subscription.id, subscription);
}

function isSure(erased: Customer['erased']): boolean {
  return erased !== null && !erased.uncertain;
}
