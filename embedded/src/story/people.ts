import type { Interval } from '@perennial/calendar';
import { Random } from './random';

/** How a customer's card behaves. */
export type Card = 'pays' | 'recovers' | 'never pays';

/** What happens to a customer besides paying. */
export type Fate =
  | 'nothing'
  | 'loses the card'
  | 'replaces the card'
  | 'switches the provider'
  | 'cancels at the next date'
  | 'cancels now'
  | 'thinks better of it'
  | 'is erased';

export interface PlannedSubscription {
  readonly product: number;
  readonly quantity: number;
  readonly interval: Interval;
  readonly firstCharge: 'anniversary' | 'purchase';
  /** An import keeps its older day of purchase. */
  readonly purchasedAtMs: number;
}

export type ProviderName = 'aurora' | 'borealis';

/** How a provider's card tokens begin. */
export const TOKEN_PREFIX: Record<ProviderName, string> = { aurora: 'pm', borealis: 'ct' };

export interface Person {
  readonly number: number;
  readonly provider: ProviderName;
  readonly token: string;
  readonly card: Card;
  readonly fate: Fate;
  readonly combineCharges: boolean;
  readonly joinsAtMs: number;
  /** When the fate strikes. */
  readonly fateAtMs: number;
  readonly subscriptions: readonly PlannedSubscription[];
}

/** Words in the token tell the simulator what to do. */
const CARDS: readonly { token: string; card: Card; share: number }[] = [
  { token: 'ok', card: 'pays', share: 60 },
  { token: 'pending_ok', card: 'pays', share: 5 },
  { token: 'webhook_first', card: 'pays', share: 4 },
  { token: 'no_webhook', card: 'pays', share: 4 },
  { token: 'dup_webhook', card: 'pays', share: 4 },
  { token: '500_after', card: 'pays', share: 4 },
  { token: '503_before', card: 'pays', share: 3 },
  { token: 'reset_after', card: 'pays', share: 3 },
  { token: 'decline1_insufficient_funds', card: 'recovers', share: 4 },
  { token: 'decline3_processing_error', card: 'recovers', share: 3 },
  { token: 'decline5_do_not_honor', card: 'recovers', share: 2 },
  { token: 'decline_expired_card', card: 'never pays', share: 3 },
  { token: 'decline_lost_in_the_post', card: 'never pays', share: 1 },
];

const FATES: readonly { fate: Fate; share: number }[] = [
  { fate: 'nothing', share: 58 },
  { fate: 'loses the card', share: 8 },
  { fate: 'replaces the card', share: 8 },
  { fate: 'switches the provider', share: 6 },
  { fate: 'cancels at the next date', share: 7 },
  { fate: 'cancels now', share: 6 },
  { fate: 'thinks better of it', share: 4 },
  { fate: 'is erased', share: 3 },
];

const INTERVALS: readonly { interval: Interval; share: number }[] = [
  { interval: 'monthly', share: 65 },
  { interval: 'quarterly', share: 22 },
  { interval: 'annual', share: 13 },
];

/** Anchors at the ends of months and on the leap day, which imports bring along. */
const OLD_PURCHASES = [
  '2024-02-29T12:00:00Z',
  '2023-12-31T12:00:00Z',
  '2024-01-31T12:00:00Z',
  '2023-11-30T12:00:00Z',
  '2024-08-31T12:00:00Z',
  '2023-07-29T23:30:00Z',
];

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
export const PRODUCTS = 6;

export function people(
  { customers, seed }: { readonly customers: number; readonly seed: number },
  startMs: number,
  endMs: number,
): Person[] {
  const random = new Random(seed);
  return Array.from({ length: customers }, (_, number) => person(number, random, startMs, endMs));
}

function person(number: number, random: Random, startMs: number, endMs: number): Person {
  const imported = number % 6 === 0;
  const { token, card } = random.weighted(CARDS);
  const plain = token === 'ok';
  const provider = random.next() < 0.4 ? 'borealis' : 'aurora';
  const lastJoinMs = startMs + (endMs - startMs) * 0.7;
  const joinsAtMs = imported
    ? startMs + HOUR_MS + number * 1000
    : wholeMinute(startMs + random.next() * (lastJoinMs - startMs));
  const days = Math.floor((endMs - joinsAtMs) / DAY_MS);
  const count = random.between(1, 3);
  return {
    ...{ number, provider },
    token: `${TOKEN_PREFIX[provider]}_${token}_${number}`,
    card,
    fate: plain ? random.weighted(FATES).fate : 'nothing',
    combineCharges: random.next() > 0.1,
    joinsAtMs,
    fateAtMs: noonOf(joinsAtMs + random.between(5, Math.max(6, days - 10)) * DAY_MS),
    subscriptions: Array.from({ length: count }, () => ({
      product: random.between(0, PRODUCTS - 1),
      quantity: random.between(1, 3),
      interval: random.weighted(INTERVALS).interval,
      firstCharge: random.next() < 0.1 ? ('purchase' as const) : ('anniversary' as const),
      purchasedAtMs: imported ? Date.parse(random.pick(OLD_PURCHASES)) : joinsAtMs,
    })),
  };
}

/** Far from any charge time, so that what comes first is never a matter of luck. */
function noonOf(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS + 13 * HOUR_MS;
}

function wholeMinute(ms: number): number {
  return Math.floor(ms / 60_000) * 60_000;
}
