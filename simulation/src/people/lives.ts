import { type Instant, instantOfMs } from '@perennial/calendar';
import type { Chance } from '../chance';
import {
  type BillingMoment,
  chargeMs,
  DAY_MS,
  endMs,
  HOUR_MS,
  MINUTE_MS,
  SECOND_MS,
  type Window,
} from './billing-moments';
import { Draft, type Manner } from './draft';
import type { Life, PlannedSubscription } from './life';
import { actInGrace, playPlots } from './plots';
import { awkwardMoment, oldPurchase, someMoment } from './purchase-days';

/** Depends on the seed and the number of the person alone: others may come and go. */
export function lifeOf(person: number, chance: Chance, window: Window): Life {
  const luck = chance.of('person', person);
  const joined = joining(luck.of('joining'), window);
  const draft = new Draft(person, window, luck, joined.atMs);
  draft.plan(joined.atMs, { kind: 'register' });
  buyAll(draft, luck.of('buying'), joined);
  const isQuiet = luck.is(0.5, 'quiet');
  if (!isQuiet) draft.crux = cruxOf(draft, luck);
  const provider = luck.is(0.4, 'provider') ? 'borealis' : 'aurora';
  const grace = luck.is(0.3, 'in grace') ? draft.crux : null;
  draft.newCard(provider, mannerOf(isQuiet, grace !== null));
  if (grace) actInGrace(draft, grace, luck.of('grace'));
  if (!isQuiet) playPlots(draft, luck);
  return draft.finished(!luck.is(0.12, 'apart'));
}

function mannerOf(isQuiet: boolean, isInGrace: boolean): Manner {
  if (isQuiet) return 'good';
  return isInGrace ? 'failing' : 'moody';
}

interface Joining {
  readonly atMs: number;
  readonly isImport: boolean;
}

function joining(luck: Chance, window: Window): Joining {
  const { startMs, days } = window;
  const lateMs = startMs + days * 0.7 * DAY_MS;
  const soon = () => someMoment(luck, startMs, Math.min(startMs + 3 * DAY_MS, lateMs));
  const someday = () => someMoment(luck, startMs, lateMs);
  const atMs = luck.weighted<() => number>(
    [
      [40, soon],
      [20, someday],
      [20, () => awkwardMoment(luck, window) ?? someday()],
    ],
    'when',
  )();
  const isImport = luck.is(0.25, 'import');
  return { atMs: isImport ? soon() : atMs, isImport };
}

/** How long before its registration a purchase may have been. */
const AGO_MS = [0, 0, 90 * SECOND_MS, 10 * MINUTE_MS, 2 * HOUR_MS];

function buyAll(draft: Draft, luck: Chance, { atMs, isImport }: Joining): void {
  const count = luck.weighted(
    [
      [50, 1],
      [36, 2],
      [14, 3],
    ],
    'count',
  );
  const first = purchaseOf(luck.of(0), atMs, isImport);
  draft.buy(atMs + SECOND_MS, first);
  for (let place = 1; place < count; place += 1) {
    const own = luck.of(place);
    if (own.is(0.6, 'same day')) buySameDay(draft, own, atMs, place, first);
    else if (isImport) draft.buy(atMs + place * MINUTE_MS, purchaseOf(own, atMs, true));
    else buyAnotherDay(draft, own, atMs);
  }
}

/** So that they are charged together, where the intervals meet and the currency is the same. */
function buySameDay(
  draft: Draft,
  luck: Chance,
  atMs: number,
  place: number,
  first: Pick<PlannedSubscription, 'purchasedAt'>,
): void {
  const laterMs = atMs + place * luck.between(1, 120, 'later') * SECOND_MS;
  draft.buy(laterMs, { ...first, ...(luck.is(0.7, 'pounds') && { product: luck.between(0, 3) }) });
}

function buyAnotherDay(draft: Draft, luck: Chance, atMs: number): void {
  const laterMs = awkwardMoment(luck, draft.window) ?? atMs + luck.between(1, 120, 'days') * DAY_MS;
  const boughtMs = laterMs > atMs ? laterMs : atMs + luck.between(1, 40, 'days') * DAY_MS;
  draft.buy(boughtMs, purchaseOf(luck, boughtMs, false));
}

/** Some shops say when it was, some leave it to the service. */
function purchaseOf(
  luck: Chance,
  atMs: number,
  isImport: boolean,
): { readonly purchasedAt: Instant | null } {
  if (isImport) return { purchasedAt: oldPurchase(luck, atMs) };
  const told = instantOfMs(atMs - luck.pick(AGO_MS, 'ago'));
  return { purchasedAt: luck.is(0.6, 'told') ? told : null };
}

/** Early enough that something can come of it. */
function cruxOf({ billing, window }: Draft, luck: Chance): BillingMoment | null {
  const early = billing.filter(({ date }) => chargeMs(date) < endMs(window) - 8 * DAY_MS);
  return early.length === 0 ? null : luck.pick(early, 'crux');
}
