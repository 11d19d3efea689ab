import { instantOfMs } from '@perennial/calendar';
import type { Card, Doing, Life } from './people/life';
import type { ProviderName } from './record';
import type { Border } from './replica';
import type { Script } from './run';
import { type Lived, live } from './seed';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** In winter, when London has UTC's time. */
const START_MS = Date.parse('2026-01-14T12:00:00Z');
const CHARGE_MS = Date.parse('2026-01-15T06:00:00Z');

/** Something that is done from end to end, one process of each service at work. */
export interface Flow {
  readonly name: string;
  readonly provider: ProviderName;
  readonly life: Life;
  /** All borders in this stretch of time belong to it. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** The customer's subscription was bought a month ago: its first date is tomorrow. */
function flow(
  name: string,
  provider: ProviderName,
  fromMs: number,
  acts: readonly (readonly [atMs: number, Doing])[] = [],
  card: Partial<Card> = {},
): Flow {
  const token = provider === 'aurora' ? 'pm_p0_1' : 'ctp0n1';
  const doings: readonly (readonly [number, Doing])[] = [
    [START_MS + MINUTE_MS, { kind: 'register' }],
    [START_MS + 2 * MINUTE_MS, { kind: 'subscribe', subscription: 0 }],
    ...acts,
  ];
  const life: Life = {
    ...{ person: 0, combineCharges: true },
    cards: [
      {
        ...{ provider, paymentMethod: token, declines: null, waits: null },
        refunds: { fails: false, pendingMs: 0 },
        ...card,
      },
    ],
    subscriptions: [
      {
        ...{ product: 0, quantity: 2, interval: 'monthly', firstCharge: 'anniversary' },
        purchasedAt: instantOfMs(Date.parse('2025-12-15T12:00:00Z')),
      },
    ],
    acts: doings.map(([atMs, doing], number) => ({ number, at: instantOfMs(atMs), ...doing })),
  };
  return { name, provider, life, fromMs, toMs: fromMs + 30 * MINUTE_MS };
}

const NOON_MS = CHARGE_MS + 6 * HOUR_MS;

function flowsOf(provider: ProviderName): Flow[] {
  return [
    flow('a charge, its webhook and its mail', provider, CHARGE_MS - MINUTE_MS),
    flow('a charge that is told by webhook only', provider, CHARGE_MS - MINUTE_MS, [], {
      waits: { every: 1, pendingMs: 5 * MINUTE_MS },
    }),
    flow('a decline and its mail', provider, CHARGE_MS - MINUTE_MS, [], {
      declines: { code: 'insufficient_funds', counted: 'in charges', from: 0, to: 1 },
    }),
    flow('a refund and its mail', provider, NOON_MS, [
      [
        NOON_MS + MINUTE_MS,
        { kind: 'refund', of: 'newest succeeded', share: 'part', clicks: 'one' },
      ],
    ]),
    flow('a refund in the dashboard', provider, NOON_MS, [
      [NOON_MS + MINUTE_MS, { kind: 'refund-in-dashboard', of: 'newest', share: 'part' }],
    ]),
    flow('a cancellation at once', provider, NOON_MS, [
      [NOON_MS + MINUTE_MS, { kind: 'cancel', subscription: 0, when: 'now' }],
    ]),
    flow('a cancellation that takes effect', provider, CHARGE_MS - MINUTE_MS, [
      [START_MS + HOUR_MS, { kind: 'cancel', subscription: 0, when: 'next_billing_date' }],
    ]),
    flow('a lost card and its mail', provider, START_MS + 2 * HOUR_MS, [
      [START_MS + 2 * HOUR_MS + MINUTE_MS, { kind: 'lose-card', card: 0, cause: 'expired' }],
    ]),
  ];
}

export const FLOWS: readonly Flow[] = [...flowsOf('aurora'), ...flowsOf('borealis')];

function scriptOf({ life, fromMs, toMs }: Flow, came: (border: Border) => boolean): Script {
  return {
    ...{ seed: 1, startMs: START_MS, days: 2, faults: new Set() },
    ...{ lives: new Map([[0, life]]), replicas: 1 },
    atBorder: (border, atMs) => atMs >= fromMs && atMs < toMs && came(border),
  };
}

/** Every border that is passed when nothing goes wrong, in order. */
export async function bordersOf(one: Flow): Promise<Border[]> {
  const borders: Border[] = [];
  const script = scriptOf(one, (border) => {
    borders.push(border);
    return false;
  });
  const { broken } = await live(script);
  if (broken) throw new Error(`${one.name} breaks ${broken.invariant} by itself: ${broken.text}`);
  return borders;
}

/** The same, but for the process that dies at the border of that number; then all is judged at rest. */
export function killedAt(one: Flow, number: number): Promise<Lived> {
  let count = 0;
  const script = scriptOf(one, () => {
    count += 1;
    return count === number + 1;
  });
  return live(script);
}
