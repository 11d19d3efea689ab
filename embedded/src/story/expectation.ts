import type { ToldSubscription } from './script';

/** What a cycle must have come to, worked out from the script alone: none of the system's own code. */
export interface Expected {
  readonly subscriptionId: string;
  readonly cycle: number;
  readonly amountMinor: number;
  readonly currency: string;
  /** `open`: due so late in the story that it may still be under way. */
  readonly outcome: 'charged' | 'not charged' | 'open';
}

const DAY_MS = 86_400_000;
/** Dunning and enquiries are over after this. */
const SETTLED_AFTER_MS = 8 * DAY_MS;
const MONTHS = { monthly: 1, quarterly: 3, annual: 12 } as const;

/** Cycles that fell due within the story. */
export function expectedCycles(told: ToldSubscription, endMs: number): Expected[] {
  const { id: subscriptionId, planned, amountMinor, currency } = told;
  const anchor = londonDate(planned.purchasedAtMs);
  const registered = londonDate(told.registeredAtMs);
  const cycles: Expected[] = [];
  let over = false;
  for (let cycle = planned.firstCharge === 'purchase' ? 0 : 1; ; cycle += 1) {
    const date = anniversary(anchor, cycle * MONTHS[planned.interval]);
    const dueMs = Math.max(chargeTime(date), told.registeredAtMs);
    if (dueMs > endMs) return cycles;
    if (date < registered) continue;
    over ||= endsBefore(told, dueMs);
    const outcome = over || told.person.card === 'never pays' ? 'not charged' : 'charged';
    const late = dueMs > endMs - SETTLED_AFTER_MS && told.person.card !== 'pays';
    const lost = dueMs > endMs - DAY_MS;
    cycles.push({
      ...{ subscriptionId, cycle, amountMinor, currency },
      outcome: (late || lost) && outcome === 'charged' ? 'open' : outcome,
    });
  }
}

/** Whether what happened to the customer ended the subscription before this cycle could be charged. */
function endsBefore({ person, registeredAtMs }: ToldSubscription, dueMs: number): boolean {
  const { fate, fateAtMs } = person;
  if (fateAtMs < registeredAtMs || fateAtMs > dueMs) return false;
  switch (fate) {
    case 'loses the card':
    case 'cancels at the next date':
    case 'cancels now':
    case 'is erased':
      return true;
    // Until the new card is there, the next date ends the subscription.
    case 'replaces the card':
      return dueMs < fateAtMs + 2 * DAY_MS;
    default:
      return false;
  }
}

/** `[year, month, day]` of the anchor, months later, clamped to the month's end. */
function anniversary(anchor: string, months: number): string {
  const [year = 0, month = 1, day = 1] = anchor.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10);
}

function londonDate(ms: number): string {
  return new Date(ms + londonOffsetMs(ms)).toISOString().slice(0, 10);
}

/** 06:00 in London. */
function chargeTime(date: string): number {
  const utc = Date.parse(`${date}T06:00:00Z`);
  return utc - londonOffsetMs(utc);
}

/** Summer time from the last Sunday of March to the last of October, each at 01:00 UTC. */
function londonOffsetMs(ms: number): number {
  const year = new Date(ms).getUTCFullYear();
  const summer = ms >= lastSunday(year, 2) && ms < lastSunday(year, 9);
  return summer ? 3_600_000 : 0;
}

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0, 1));
  last.setUTCDate(last.getUTCDate() - last.getUTCDay());
  return last.getTime();
}
