import { msOf } from '@perennial/calendar';
import type { Act, Life } from './people/life';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BEFORE_MS = 5 * MINUTE_MS;
const AFTER_MS = 60 * MINUTE_MS;
/** How much more goes wrong. */
const AT_THE_MOMENT = 6;
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

/** More goes wrong where somebody does something that it can cross: bugs live where two things meet. */
export class Drama {
  private readonly moments: readonly number[];
  private next = 0;

  constructor(
    lives: Iterable<Life>,
    private readonly nowMs: () => number,
  ) {
    this.moments = [...lives]
      .flatMap(({ acts }) => acts.filter(({ kind }) => !QUIET.has(kind)))
      .map(({ at }) => msOf(at))
      .sort((one, other) => one - other);
  }

  ofTheMoment(): number {
    const moment = this.nextAfter(this.nowMs() - AFTER_MS);
    return moment !== undefined && moment - BEFORE_MS <= this.nowMs() ? AT_THE_MOMENT : 1;
  }

  /** Asked when a day begins. */
  ofTheDay(): number {
    const nowMs = this.nowMs();
    return this.moments.some((ms) => ms >= nowMs && ms < nowMs + DAY_MS) ? ON_THE_DAY : 1;
  }

  /** Time goes forward only. */
  private nextAfter(ms: number): number | undefined {
    while ((this.moments[this.next] ?? Number.POSITIVE_INFINITY) < ms) this.next += 1;
    return this.moments[this.next];
  }
}
