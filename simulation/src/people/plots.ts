import type { Chance } from '../chance';
import { PROVIDERS, type ProviderName, SERVICES } from '../record';
import {
  type BillingMoment,
  chargeMs,
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
} from './billing-moments';
import type { Draft } from './draft';
import { moneyPlots } from './money-plots';
import { someBadMoment, soon } from './worst-moments';

/** What happens to somebody from a moment on. */
export type Plot = (draft: Draft, atMs: number, luck: Chance) => void;

const cardPlots: readonly (readonly [share: number, plot: Plot])[] = [
  [16, (draft, atMs, luck) => replaceCard(draft, atMs, draft.provider, luck)],
  [10, switchProvider],
  [12, loseAndReplaceCard],
  [6, (draft, atMs, luck) => loseCard(draft, atMs, luck)],
  [7, oldCardDiesLate],
  [4, returnToOldCard],
  [4, offerLostCard],
];

const endPlots: readonly (readonly [share: number, plot: Plot])[] = [
  [8, (draft, atMs, luck) => cancel(draft, atMs, 'next_billing_date', luck)],
  [7, (draft, atMs, luck) => cancel(draft, atMs, 'now', luck)],
  [7, thinkBetterOfIt],
  [8, cancelTwice],
  [5, (draft, atMs) => draft.plan(atMs, { kind: 'erase' })],
  [8, (draft, atMs) => draft.buy(atMs, {})],
];

const operatorPlots: readonly (readonly [share: number, plot: Plot])[] = [
  [4, (draft, atMs) => draft.plan(atMs, { kind: 'run', times: 1 })],
  [4, (draft, atMs) => draft.plan(atMs, { kind: 'run', times: 2 })],
  [4, reconcile],
  [4, (draft, atMs) => draft.plan(atMs + DAY_MS, { kind: 'resolve-discrepancy' })],
  [4, retryMessage],
];

const PLOTS = [...cardPlots, ...endPlots, ...moneyPlots, ...operatorPlots];

/** In order of time, so that each knows which card is the one in use. */
export function playPlots(draft: Draft, luck: Chance): void {
  const count = luck.between(1, 5, 'plots');
  const plots = Array.from({ length: count }, (_, place) => {
    const own = luck.of('plot', place);
    return { own, atMs: someBadMoment(own, draft), plot: own.weighted(PLOTS, 'plot') };
  }).sort((one, other) => one.atMs - other.atMs);
  for (const { own, atMs, plot } of plots) plot(draft, atMs, own);
}

const gracePlots: readonly (readonly [share: number, plot: Plot])[] = [
  [4, (draft, atMs) => draft.plan(atMs, { kind: 'erase' })],
  [3, (draft, atMs, luck) => cancel(draft, atMs, 'now', luck)],
  [2, (draft, atMs, luck) => cancel(draft, atMs, 'next_billing_date', luck)],
  [2, (draft, atMs, luck) => replaceCard(draft, atMs, draft.provider, luck)],
  [2, switchProvider],
  [2, (draft, atMs, luck) => loseCard(draft, atMs, luck)],
  [3, loseCardAndLeave],
];

/** Something happens while what fell due on that date is tried again, mostly about when it is. */
export function actInGrace(draft: Draft, { date }: BillingMoment, luck: Chance): void {
  const retryMs = chargeMs(date, luck.between(1, 5, 'day'));
  const atMs = retryMs + luck.pick([-9 * HOUR_MS, -MINUTE_MS, 0, SECOND_MS, HOUR_MS], 'offset');
  luck.weighted(gracePlots, 'plot')(draft, atMs, luck);
}

function replaceCard(draft: Draft, atMs: number, provider: ProviderName, luck: Chance): void {
  const card = draft.newCard(provider, luck.is(0.75, 'good') ? 'good' : 'moody', atMs);
  draft.plan(atMs, { kind: 'replace-card', card, again: false });
}

/** May be refused while an attempt is open; most try again then. */
function switchProvider(draft: Draft, atMs: number, luck: Chance): void {
  replaceCard(draft, atMs, draft.provider === 'aurora' ? 'borealis' : 'aurora', luck);
  if (luck.is(0.3, 'gives up')) return;
  const card = draft.cards.length - 1;
  const later = soon(luck, 'again');
  draft.plan(atMs + later, { kind: 'replace-card', card, again: true });
  draft.plan(atMs + later + 2 * DAY_MS, { kind: 'replace-card', card, again: true });
}

function loseCard(draft: Draft, atMs: number, luck: Chance, card = draft.cards.length - 1): void {
  const cause = luck.pick(['expired', 'cancelled'] as const, 'cause');
  draft.plan(atMs, { kind: 'lose-card', card, cause });
}

function loseAndReplaceCard(draft: Draft, atMs: number, luck: Chance): void {
  loseCard(draft, atMs, luck);
  const later = luck.is(0.6, 'soon') ? soon(luck, 'later') : luck.between(5, 40, 'days') * DAY_MS;
  replaceCard(draft, atMs + later, draft.provider, luck);
}

/** The end that a lost card brings in grace may be on its way still when another is offered, and the next date given up. */
function loseCardAndLeave(draft: Draft, atMs: number, luck: Chance): void {
  loseCard(draft, atMs, luck);
  const replacedMs = atMs + luck.between(1, 600, 'replaced') * SECOND_MS;
  replaceCard(draft, replacedMs, draft.provider, luck);
  const leavesMs = replacedMs + luck.between(1, 60, 'leaves') * SECOND_MS;
  cancel(draft, leavesMs, 'next_billing_date', luck);
}

function oldCardDiesLate(draft: Draft, atMs: number, luck: Chance): void {
  const old = draft.cards.length - 1;
  replaceCard(draft, atMs, draft.provider, luck);
  loseCard(draft, atMs + soon(luck, 'later'), luck, old);
}

function returnToOldCard(draft: Draft, atMs: number, luck: Chance): void {
  const old = draft.cards.length - 1;
  replaceCard(draft, atMs, draft.provider, luck);
  const back = { kind: 'replace-card', card: old, again: false } as const;
  draft.plan(atMs + soon(luck, 'back'), back);
  if (luck.is(0.4, 'dies')) loseCard(draft, atMs + soon(luck, 'dies later'), luck, old);
}

/** It is refused, or is lost a moment after it was taken. */
function offerLostCard(draft: Draft, atMs: number, luck: Chance): void {
  loseCard(draft, atMs, luck, draft.newCard(draft.provider, 'good'));
  const card = draft.cards.length - 1;
  draft.plan(atMs + soon(luck, 'offer'), { kind: 'replace-card', card, again: false });
}

function subscriptionOf({ crux, subscriptions }: Draft, luck: Chance): number {
  if (crux && luck.is(0.6, 'crux subscription')) return crux.subscription;
  return luck.between(0, subscriptions.length - 1, 'subscription');
}

function cancel(draft: Draft, atMs: number, when: 'next_billing_date' | 'now', luck: Chance): void {
  draft.plan(atMs, { kind: 'cancel', subscription: subscriptionOf(draft, luck), when });
}

function thinkBetterOfIt(draft: Draft, atMs: number, luck: Chance): void {
  cancel(draft, atMs, 'next_billing_date', luck);
  const subscription = subscriptionOf(draft, luck);
  draft.plan(atMs + soon(luck, 'revoke'), { kind: 'revoke-cancellation', subscription });
  if (luck.is(0.3, 'after all')) cancel(draft, atMs + soon(luck, 'after all'), 'now', luck);
}

/** Mostly before and after a charge: what is told of the first may come after the second. */
function cancelTwice(draft: Draft, atMs: number, luck: Chance): void {
  const subscription = subscriptionOf(draft, luck);
  const end = (ms: number, when: 'next_billing_date' | 'now') =>
    draft.plan(ms, { kind: 'cancel', subscription, when });
  if (draft.crux && luck.is(0.7, 'across the charge')) {
    const ms = chargeMs(draft.crux.date);
    end(ms - luck.between(1, 120, 'before') * SECOND_MS, 'next_billing_date');
    end(ms + luck.between(1, 90, 'after') * MINUTE_MS, 'now');
  } else {
    end(atMs, luck.pick(['next_billing_date', 'now'] as const, 'first'));
    end(atMs + soon(luck, 'second'), 'now');
  }
}

function reconcile(draft: Draft, atMs: number, luck: Chance): void {
  const provider = luck.pick(PROVIDERS, 'reconciled');
  const hours = luck.pick([1, 24, 72], 'hours');
  draft.plan(atMs, { kind: 'reconcile', provider, hours, times: luck.is(0.3, 'twice') ? 2 : 1 });
}

/** Looked for several times: mostly nothing has failed. */
function retryMessage(draft: Draft, atMs: number, luck: Chance): void {
  for (const hours of [0, 1, 24, 25]) {
    const service = luck.pick(SERVICES, 'service', hours);
    draft.plan(atMs + (hours * DAY_MS) / 24, { kind: 'retry-message', service });
  }
}
