import { type Instant, parseInstant } from '@perennial/calendar';
import { Chance } from '../src/chance';
import { Drama } from '../src/drama';
import { Faults } from '../src/faults';
import { luckyWorld } from '../src/lucky-world';
import { moodsOf } from '../src/moods';
import { Actor } from '../src/people/acting';
import type { Card, Doing, Life, PlannedSubscription } from '../src/people/life';
import { openShop } from '../src/people/shop';
import { Scheduler } from '../src/scheduler';
import { SimulatedDoor } from '../src/simulated-door';
import { World } from '../src/world';

const DAY_MS = 86_400_000;
const START = '2026-01-05T12:00:00.000Z';
const DAYS = 100;

type Dated = readonly [at: string, doing: Doing];
interface Person {
  readonly cards?: readonly Partial<Card>[];
  readonly buys?: readonly Partial<PlannedSubscription>[];
  readonly does?: readonly Dated[];
}

const never = { declines: null, waits: null, refunds: { fails: false, pendingMs: 0 } } as const;
const declining = (from: number, to: number) =>
  ({ code: 'insufficient_funds', counted: 'in charges', from, to }) as const;
const cancels = (subscription: number, when: 'now' | 'next_billing_date'): Doing => ({
  ...{ kind: 'cancel', subscription, when },
});

/** A customer of every kind, and nothing goes wrong but what they do. */
const PEOPLE: readonly Person[] = [
  // Two products together; an operator gives a part back, and somebody at the provider another.
  {
    buys: [{}, { product: 1, quantity: 2 }],
    does: [
      [
        '2026-02-10T10:00:00Z',
        { kind: 'refund', of: 'newest succeeded', share: 'item', clicks: 'one' },
      ],
      ['2026-03-10T10:00:00Z', { kind: 'refund-in-dashboard', of: 'newest', share: 'part' }],
    ],
  },
  { cards: [{ declines: declining(0, 2) }] },
  { cards: [{ declines: declining(0, 99) }] },
  { does: [['2026-02-20T10:00:00Z', cancels(0, 'next_billing_date')]] },
  { does: [['2026-02-20T10:00:00Z', cancels(0, 'now')]] },
  { does: [['2026-02-20T10:00:00Z', { kind: 'lose-card', card: 0, cause: 'expired' }]] },
  {
    cards: [{ provider: 'borealis', waits: { every: 2, pendingMs: DAY_MS } }],
    does: [
      [
        '2026-03-20T10:00:00Z',
        { kind: 'refund', of: 'newest succeeded', share: 'whole', clicks: 'one' },
      ],
    ],
  },
  { does: [['2026-03-01T10:00:00Z', { kind: 'erase' }]] },
  {
    cards: [{ provider: 'borealis' }, {}],
    does: [
      ['2026-02-10T10:00:00Z', { kind: 'lose-card', card: 0, cause: 'cancelled' }],
      ['2026-02-20T10:00:00Z', { kind: 'replace-card', card: 1, again: false }],
    ],
  },
  // Still in grace at the end.
  {
    cards: [{ declines: declining(3, 99) }],
    buys: [{ purchasedAt: parseInstant('2025-12-14T09:00:00Z') }],
  },
  { buys: [{ interval: 'annual', purchasedAt: parseInstant('2024-02-29T09:00:00Z') }] },
];

/** A hundred days without a fault. */
export function smallShop(): Promise<World> {
  const chance = new Chance('small shop');
  const scheduler = new Scheduler(Date.parse(START));
  return luckyWorld(
    chance,
    () => scheduler.nowMs,
    () => live(scheduler, chance),
  );
}

async function live(scheduler: Scheduler, chance: Chance): Promise<World> {
  const lives = PEOPLE.map(lifeOf);
  const world = await World.open({
    ...{
      scheduler,
      chance,
      reconciles: false,
      replicas: 2,
      faults: new Faults(chance, new Set(), new Drama([], () => scheduler.nowMs)),
    },
    moods: moodsOf(lives, () => scheduler.nowMs),
  });
  world.heal();
  const book = { deeds: world.deeds, refusals: world.refusals };
  scheduler.spawn(async () => {
    const products = await openShop(new SimulatedDoor(world, 'the shop'));
    for (const life of lives) {
      const door = new SimulatedDoor(world, `person ${life.person}`);
      scheduler.spawn(() => new Actor(life, door, products, book).live());
    }
  });
  await scheduler.runUntil(Date.parse(START) + DAYS * DAY_MS, () => undefined);
  return world;
}

function lifeOf({ cards = [{}], buys = [{}], does = [] }: Person, person: number): Life {
  const first: Dated[] = [[START, { kind: 'register' }]];
  const bought = buys.map((_, subscription): Dated => [START, { kind: 'subscribe', subscription }]);
  return {
    person,
    combineCharges: true,
    cards: cards.map((card, index) => ({
      ...{ provider: 'aurora', ...never, ...card },
      paymentMethod: `${card.provider === 'borealis' ? 'ctp' : 'pm_p'}${person}x${index}`,
    })),
    subscriptions: buys.map((bought) => ({
      ...{ product: 0, quantity: 1, interval: 'monthly', firstCharge: 'anniversary' },
      ...{ purchasedAt: null, ...bought },
    })),
    acts: [...first, ...bought, ...does].map(([at, doing], number) => ({
      ...{ number, at: at as Instant },
      ...doing,
    })),
  };
}
