import { billingDate, chargeInstant, firstOwedCycle, msOf, parseDate } from '@perennial/calendar';
import type { Account } from '../../src/domain/account';
import type { Purchase } from '../../src/domain/schedule';
import { subscriptionStarted } from '../../src/domain/start';
import { rules } from '../one-customer';
import { type History, HOUR } from './history';
import type { Sheets } from './model-provider';
import { World } from './world';

export const SUBSCRIPTIONS = ['s', 't'] as const;
export const FIRST_CARD = 'card_1';
const PRICES = { s: 1000, t: 700 } as const;
const EVENING_BEFORE = 10 * HOUR;

/** One customer of this provider, with their subscriptions, the evening before the first charge. */
export function begin(history: History, home: string, sheets: Sheets, traced = false): World {
  const anchorDate = parseDate(history.anchorDate);
  const world = new World(history, sheets, blank(history, home), traced);
  const dueAt = msOf(
    chargeInstant(billingDate({ anchorDate, interval: 'monthly' }, 1), rules.time),
  );
  world.now = dueAt - EVENING_BEFORE;
  for (const id of SUBSCRIPTIONS.slice(0, history.subscriptions)) {
    world.decide((account) => subscriptionStarted(account, id, purchaseOf(id, anchorDate)));
  }
  return world;
}

function blank({ combineCharges }: History, provider: string): Account {
  const paymentMethod = { provider, reference: FIRST_CARD, unavailable: null };
  return {
    customer: { id: 'customer', paymentMethod, combineCharges, methodVersion: 1, erased: false },
    ...{ schedules: [], cycles: [], payments: [], refunds: [], discrepancies: [] },
  };
}

function purchaseOf(id: keyof typeof PRICES, anchorDate: Purchase['anchorDate']): Purchase {
  const anchor = { anchorDate, interval: 'monthly' } as const;
  return {
    ...{ productId: 'product', productName: 'Balm', quantity: 1, ...anchor },
    amount: { amountMinor: PRICES[id], currency: 'GBP' },
    firstCycle: firstOwedCycle(anchor, 'anniversary', anchorDate),
    startedAt: chargeInstant(anchorDate, rules.time),
  };
}
