import type { Chance } from '../chance';
import { chargeMs, DAY_MS, MINUTE_MS, SECOND_MS } from './billing-moments';
import type { Draft } from './draft';
import type { Plot } from './plots';
import { soon } from './worst-moments';

/** Money that goes back, on either side, twice, and beside other things. */
export const moneyPlots: readonly (readonly [share: number, plot: Plot])[] = [
  [8, (draft, atMs, luck) => refund(draft, atMs, luck, 'one')],
  [5, (draft, atMs, luck) => refund(draft, atMs, luck, 'two with one key')],
  [5, (draft, atMs, luck) => refund(draft, atMs, luck, 'two with two keys')],
  [6, refundInDashboard],
  [4, refundOnBothSides],
  [3, refundAgain],
  [5, refundWhatWasCancelled],
];

type Clicks = 'one' | 'two with one key' | 'two with two keys';

function refund(draft: Draft, atMs: number, luck: Chance, clicks: Clicks): void {
  const of = luck.weighted(
    [
      [2, 'newest'],
      [5, 'newest succeeded'],
      [2, 'oldest succeeded'],
    ] as const,
    'of',
  );
  const share = luck.weighted(
    [
      [4, 'whole'],
      [4, 'part'],
      [4, 'item'],
      [1, 'too much'],
    ] as const,
    'share',
  );
  draft.plan(atMs, { kind: 'refund', of, share, clicks });
}

function refundInDashboard(draft: Draft, atMs: number, luck: Chance): void {
  const of = luck.pick(['newest', 'newest', 'oldest'] as const, 'of charges');
  const share = luck.pick(['whole', 'part'] as const, 'share in dashboard');
  draft.plan(atMs, { kind: 'refund-in-dashboard', of, share });
}

function refundOnBothSides(draft: Draft, atMs: number, luck: Chance): void {
  refund(draft, atMs, luck, 'one');
  refundInDashboard(draft, atMs + luck.between(-2000, 2000, 'beside'), luck);
}

function refundAgain(draft: Draft, atMs: number, luck: Chance): void {
  refund(draft, atMs, luck.of('first'), 'one');
  refund(draft, atMs + soon(luck, 'again'), luck.of('second'), 'one');
}

/** By hand, and in vain, before it is known that the charge had crossed a cancellation. */
function refundWhatWasCancelled(draft: Draft, _: number, luck: Chance): void {
  const { crux } = draft;
  if (!crux) return;
  const ms = chargeMs(crux.date);
  const card = draft.newCard(draft.provider, 'miserly');
  draft.plan(ms - DAY_MS, { kind: 'replace-card', card, again: false });
  const { subscription } = crux;
  const cancelsMs = ms - luck.between(1, 120, 'cancels') * SECOND_MS;
  draft.plan(cancelsMs, { kind: 'cancel', subscription, when: 'next_billing_date' });
  const refundsMs = ms + luck.between(1, 90, 'refunds') * MINUTE_MS;
  draft.plan(refundsMs, { kind: 'refund', of: 'newest succeeded', share: 'item', clicks: 'one' });
}
