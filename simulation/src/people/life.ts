import type { FirstCharge, Instant, Interval } from '@perennial/calendar';
import type { ProviderName, ServiceName } from '../record';

/** What one customer does, what is done to them, and how their cards behave, from beginning to end. */
export interface Life {
  readonly person: number;
  readonly combineCharges: boolean;
  /** The first is the one that they register with. */
  readonly cards: readonly Card[];
  readonly subscriptions: readonly PlannedSubscription[];
  /** In order of time; the first is to register. */
  readonly acts: readonly Act[];
}

export interface Card {
  readonly provider: ProviderName;
  /** The token at the provider, free of every word that a simulator takes for an order. */
  readonly paymentMethod: string;
  readonly declines: Declines | null;
  readonly waits: Waits | null;
  readonly refunds: RefundMood;
}

export type Declines = { readonly code: string } & (
  | {
      readonly counted: 'in days';
      readonly fromMs: number;
      /** Excluded; null: never pays again. */
      readonly toMs: number | null;
    }
  /** The charges of the card count from 0. */
  | { readonly counted: 'in charges'; readonly from: number; readonly to: number }
);

/** Each `every`-th charge, the first among them, is accepted and decided after `pendingMs`. */
export interface Waits {
  readonly every: number;
  readonly pendingMs: number;
}

export interface RefundMood {
  readonly fails: boolean;
  readonly pendingMs: number;
}

export interface PlannedSubscription {
  /** Its place in the catalogue. */
  readonly product: number;
  readonly quantity: number;
  readonly interval: Interval;
  readonly firstCharge: FirstCharge;
  /** Null: whenever the service hears of it. */
  readonly purchasedAt: Instant | null;
}

/** `number` stays the same where other acts of the life are left out: keys are made from it. */
export type Act = { readonly number: number; readonly at: Instant } & Doing;

/** Cards and subscriptions are meant by their place in the life. */
export type Doing =
  | { readonly kind: 'register' }
  | { readonly kind: 'subscribe'; readonly subscription: number }
  /** `again`: only if it was refused before. */
  | { readonly kind: 'replace-card'; readonly card: number; readonly again: boolean }
  | {
      readonly kind: 'cancel';
      readonly subscription: number;
      readonly when: 'next_billing_date' | 'now';
    }
  | { readonly kind: 'revoke-cancellation'; readonly subscription: number }
  | { readonly kind: 'erase' }
  | {
      readonly kind: 'lose-card';
      readonly card: number;
      readonly cause: 'expired' | 'cancelled';
    }
  | {
      readonly kind: 'refund';
      readonly of: 'newest' | 'newest succeeded' | 'oldest succeeded';
      readonly share: 'whole' | 'part' | 'item' | 'too much';
      /** A second click has the key of the first, or comes from somebody else at the same time. */
      readonly clicks: 'one' | 'two with one key' | 'two with two keys';
    }
  | {
      readonly kind: 'refund-in-dashboard';
      readonly of: 'newest' | 'oldest';
      readonly share: 'whole' | 'part';
    }
  | { readonly kind: 'run'; readonly times: 1 | 2 }
  | {
      readonly kind: 'reconcile';
      readonly provider: ProviderName;
      readonly hours: number;
      readonly times: 1 | 2;
    }
  | { readonly kind: 'resolve-discrepancy' }
  /** Twice at once. */
  | { readonly kind: 'retry-message'; readonly service: ServiceName };

const OWN = [
  'register',
  'subscribe',
  'replace-card',
  'cancel',
  'revoke-cancellation',
  'erase',
] as const;

/** What the customer does, or has done in the shop; the rest is done by operators and providers. */
export type OwnAct = Extract<Act, { readonly kind: (typeof OWN)[number] }>;
export type OthersAct = Exclude<Act, OwnAct>;

export function isOwn(act: Act): act is OwnAct {
  return OWN.some((kind) => kind === act.kind);
}
