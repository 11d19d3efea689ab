import { msOf } from '@perennial/calendar';
import type { Act, Life } from './people/life';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BEFORE_MS = 5 * MINUTE_MS;
const AFTER_MS = 60 * MINUTE_MS;
/** As long as word of it takes at the most when all goes well. */
const TOLD_WITHIN_MS = MINUTE_MS;
/** How much more goes wrong. */
const AT_THE_MOMENT = 6;
const AT_AN_END = 15;
const ON_THE_DAY = 12;

/** What begins a history, or what operators do by the way, is no drama. */
const QUIET: ReadonlySet<Act['kind']> = new Set<Act['kind']>([
  'register',
  'subscribe',
  'run',
  'reconcile',
  'resolve-discrepancy',
  'retry-message',
]);

/** What ends subscriptions, and matters most when it is told too late. */
const ENDS: ReadonlySet<Act['kind']> = new Set<Act['kind']>(['cancel', 'erase', 'lose-card']);

/** More goes wrong where somebody does something that it can cross: bugs live where two things meet. */
export class Drama {
  private readonly acts: Moments;
  private readonly ends: Moments;

  constructor(
    lives: Iterable<Life>,
    private readonly nowMs: () => number,
  ) {
    const acts = [...lives].flatMap((life) => life.acts);
    this.acts = new Moments(acts.filter(({ kind }) => !QUIET.has(kind)));
    this.ends = new Moments(acts.filter(({ kind }) => ENDS.has(kind)));
  }

  ofTheMoment(): number {
    const nowMs = this.nowMs();
    if (this.ends.hasAny(nowMs - TOLD_WITHIN_MS, nowMs)) return AT_AN_END;
    return this.acts.hasAny(nowMs - AFTER_MS, nowMs + BEFORE_MS) ? AT_THE_MOMENT : 1;
  }

  /** Asked when a day begins. */
  ofTheDay(): number {
    const nowMs = this.nowMs();
    return this.acts.hasAny(nowMs, nowMs + DAY_MS - 1) ? ON_THE_DAY : 1;
  }
}

/** In order of time. */
class Moments {
  private readonly all: readonly number[];

  constructor(acts: readonly Act[]) {
    this.all = acts.map(({ at }) => msOf(at)).sort((one, other) => one - other);
  }

  /** Both included. */
  hasAny(fromMs: number, toMs: number): boolean {
    let [low, high] = [0, this.all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.all[middle] ?? 0) < fromMs) low = middle + 1;
      else high = middle;
    }
    return (this.all[low] ?? Number.POSITIVE_INFINITY) <= toMs;
  }
}
