import type { Chance } from '../chance';
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
