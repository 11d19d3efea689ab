import type { Chance } from '../chance';
import type { ProviderName } from '../record';
import {
  type BillingMoment,
  DAY_MS,
  HOUR_MS,
  londonMs,
  MINUTE_MS,
  SECOND_MS,
} from './billing-moments';
import type { Card, Declines, RefundMood, Waits } from './life';

/** Aurora's own; Borealis' simulator puts them into its words. The last nobody knows. */
const CODES = [
  ...['insufficient_funds', 'expired_card', 'card_declined', 'do_not_honor'],
  ...['fraud_suspected', 'processing_error', 'lost_in_the_post'],
] as const;

const NO_TROUBLE: RefundMood = { fails: false, pendingMs: 0 };

/** Around the ten minutes after which billing enquires, and the day after which keys expire. */
const PENDING_MS = [
  ...[2 * SECOND_MS, 2 * MINUTE_MS, 9 * MINUTE_MS, 11 * MINUTE_MS, 50 * MINUTE_MS],
  ...[5 * HOUR_MS, 20 * HOUR_MS, 23 * HOUR_MS + 59 * MINUTE_MS, 26 * HOUR_MS],
  ...[2 * DAY_MS, 3 * DAY_MS, 6 * DAY_MS],
];

/** Such as no simulator reads anything from. */
function tokenOf(provider: ProviderName, person: number, place: number): string {
  return provider === 'aurora' ? `pm_p${person}_${place}` : `ctp${person}n${place}`;
}

export function goodCard(provider: ProviderName, person: number, place: number): Card {
  const paymentMethod = tokenOf(provider, person, place);
  return { provider, paymentMethod, declines: null, waits: null, refunds: NO_TROUBLE };
}

/** `crux`: where the trouble is to begin, if there is to be any. */
export function moodyCard(
  luck: Chance,
  card: Card,
  { fromMs, crux }: { readonly fromMs: number; readonly crux: BillingMoment | null },
): Card {
  const beginsMs = crux ? londonMs(crux.date, '00:00') : fromMs;
  const declines = luck.weighted<Declines | null>(
    [
      [30, null],
      [24, declinesForDays(luck, beginsMs, luck.between(1, 7, 'days'))],
      [32, declinesSome(luck)],
      [10, declinesForDays(luck, beginsMs, null)],
      [4, declinesForDays(luck, fromMs, null)],
    ],
    'declines',
  );
  return { ...card, declines, waits: waits(luck), refunds: refunds(luck) };
}

/** Declined from that date on, through most of its grace or to its end. */
export function failingCard(luck: Chance, card: Card, crux: BillingMoment): Card {
  const days = luck.is(0.4, 'for ever') ? null : luck.between(2, 7, 'days');
  const declines = declinesForDays(luck, londonMs(crux.date, '00:00'), days);
  return { ...card, declines, waits: waits(luck), refunds: refunds(luck) };
}

/** Pays, and fails to give back, after a while. */
export function miserlyCard(luck: Chance, card: Card): Card {
  return { ...card, refunds: { fails: true, pendingMs: luck.pick(PENDING_MS, 'refund pending') } };
}

function declinesForDays(luck: Chance, fromMs: number, days: number | null): Declines {
  const toMs = days === null ? null : fromMs + days * DAY_MS;
  return { code: luck.pick(CODES, 'code'), counted: 'in days', fromMs, toMs };
}

function declinesSome(luck: Chance): Declines {
  const from = luck.between(0, 5, 'from');
  const times = luck.is(0.6, 'once') ? 1 : luck.between(2, 7, 'times');
  return { code: luck.pick(CODES, 'code'), counted: 'in charges', from, to: from + times };
}

function waits(luck: Chance): Waits | null {
  if (!luck.is(0.3, 'waits')) return null;
  const pendingMs = luck.pick(PENDING_MS, 'pending') + luck.between(0, 999, 'pending ms');
  return { every: luck.between(1, 3, 'every'), pendingMs };
}

function refunds(luck: Chance): RefundMood {
  const pendingMs = luck.is(0.3, 'refunds wait') ? luck.pick(PENDING_MS, 'refund pending') : 0;
  return { fails: luck.is(0.15, 'refunds fail'), pendingMs };
}
