import type { Invariant, Violation } from '../invariant';
import { shifted } from '../oracle/london';
import { type Picture, pictureOf } from './picture';
import type { ScheduleRow, SubscriptionRow } from './tables';

/** `about`: ids or references that lead to the customer. */
export function violation(text: string, ...about: readonly string[]): Violation {
  return { text, about };
}

/** One that is judged by the tables, once all has come to rest. */
export function atRest(
  name: string,
  meaning: string,
  find: (picture: Picture) => Iterable<Violation>,
): Invariant {
  return {
    ...{ name, meaning, holds: 'at rest' },
    violations: async (record) => [...find(await pictureOf(record))],
  };
}

/**
 * Clocks of processes differ by some seconds, and a run looks for due work some seconds after its time:
 * what is compared with the time of somebody else's clock may be off by so much, and no more.
 */
export const SKEW_MS = 5_000;

/** How often due work is looked for. */
export const LOOK_MS = 15_000;

/** From which cycle on nothing is owed: it was skipped, or not found yet when the end was heard of. */
export function endOf({ state, skippedCycle, nextCycle }: ScheduleRow): number {
  return state === 'ended' ? (skippedCycle ?? nextCycle ?? Infinity) : Infinity;
}

/** Whether what is to come is the end that a lost card brought, and not the customer's own. */
export function endsByCard({ cardOn, requestOn }: EndDates): boolean {
  return cardOn !== null && (requestOn === null || cardOn < requestOn);
}

type EndDates = Pick<SubscriptionRow, 'cardOn' | 'requestOn'>;

/** What was then by one clock was so by every clock at this time. */
export function byAllClocks(at: string): string {
  return shifted(at, SKEW_MS);
}

/** What was then by one clock may have been so by another since this time. */
export function byAnyClock(at: string): string {
  return shifted(at, -SKEW_MS);
}
