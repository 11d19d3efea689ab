import type { Chance } from './chance';
import type { Drama } from './drama';

/** All that can go wrong, how often for each occasion when nobody does anything, and what it is. */
// biome-ignore format: a table
export const FAULTS = {
  'message dropped':          [0.004,  'a message is lost before the broker confirms it'],
  'confirm lost':             [0.004,  'a message gets through, and its sender does not hear so'],
  'message repeated':         [0.01,   'the broker delivers a message twice'],
  'message delayed':          [0.04,   'a message comes minutes, hours or days later, after those behind it'],
  'broker down':              [0.02,   'nothing can be published or is delivered, for minutes to hours of a day'],
  'killed before commit':     [0.0004, 'a process dies before its transaction is committed'],
  'killed after commit':      [0.0008, 'a process dies when its transaction has just been committed'],
  'killed before publish':    [0.001,  'a process dies before it publishes'],
  'killed before confirm':    [0.002,  'a process dies when its messages are out, and it does not know yet'],
  'killed before send':       [0.001,  'a process dies before its call leaves it'],
  'killed before answer':     [0.004,  'a process dies while its call is under way'],
  'killed before ack':        [0.001,  'a process dies when its messages are handled, and the broker does not know yet'],
  'process stalled':          [0.0003, 'a process stands still for seconds to hours, and goes on with what it knew'],
  'transaction aborted':      [0.001,  'a transaction is rolled back with an error'],
  'deadlock':                 [0.001,  'a transaction is rolled back, and run again at once'],
  'database connection lost': [0.001,  'a transaction is rolled back, because the connection is gone'],
  'commit answer lost':       [0.001,  'a transaction is committed, and nobody hears so'],
  'database down':            [0.01,   'a service\'s database cannot be reached, for minutes to hours of a day'],
  'connection refused':       [0.004,  'a call does not leave'],
  'request lost':             [0.006,  'a call never arrives, and is never answered'],
  'late arrival':             [0.006,  'a call arrives when its sender has given up waiting'],
  'answer lost':              [0.01,   'a call is acted upon, and never answered'],
  'connection reset':         [0.004,  'a call is acted upon, and the connection is gone before the answer'],
  'unreadable answer':        [0.003,  'a call is acted upon, and answered by a page of a proxy'],
  'slow answer':              [0.02,   'an answer takes seconds'],
  'kept server error':        [0.005,  'a charge is made, and answered with a 500 that is said again under its key'],
  'refused before work':      [0.005,  'a provider answers 503 and does nothing'],
  'too many requests':        [0.004,  'a provider asks us to slow down'],
  'malfunction':              [0.005,  'the bank says 96, or that it does not know itself'],
  'session lost':             [0.005,  'the bank ends our session'],
  'enquiry lag':              [0.5,    'the bank does not see yet what it did a moment ago'],
  'provider outage':          [0.01,   'a provider cannot be reached, for hours or days'],
  'brownout':                 [0.8,    'before an outage a provider hears nothing or answers 503, for minutes'],
  'webhook lost':             [0.03,   'an event is never sent'],
  'webhook late':             [0.03,   'an event cannot be delivered, and comes again later'],
  'webhook repeated':         [0.03,   'an event is sent three times'],
  'webhook first':            [0.02,   'an event comes before the answer to the call'],
  'webhook slow':             [0.04,   'an event is minutes on its way, and others overtake it'],
  'acknowledgement lost':     [0.02,   'an event is taken, and its sender does not hear so'],
  'crm trouble':              [0.02,   'the CRM answers 429 or 500, or takes a mail and does not say so'],
  'crm outage':               [0.01,   'the CRM cannot be reached, for hours or days'],
  'clock skewed':             [0.1,    'the clock of a process is seconds off, and jumps'],
  'asleep for weeks':         [0.001,  'all processes stand still for days or weeks, as when nobody pays for the machines'],
  'all asleep':               [0.003,  'all processes stand still for hours, as when a machine is suspended'],
} as const satisfies Record<string, readonly [rate: number, meaning: string]>;

export type Fault = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly Fault[];

/** Those that are drawn once a day, and last. */
const LASTING: ReadonlySet<Fault> = new Set<Fault>([
  'provider outage',
  'crm outage',
  'asleep for weeks',
  'all asleep',
]);
/** As often on every day: the bank is slow, and the machines know nothing of people. */
const EVEN: ReadonlySet<Fault> = new Set<Fault>([
  'enquiry lag',
  'brownout',
  'clock skewed',
  'broker down',
  'database down',
]);

/** Decides where a fault strikes, and counts those that did. */
export class Faults {
  readonly struck = new Map<Fault, number>();
  private on = true;

  constructor(
    private readonly chance: Chance,
    private readonly enabled: ReadonlySet<Fault>,
    private readonly drama: Drama,
  ) {}

  /** From now on everything goes well. */
  end(): void {
    this.on = false;
  }

  /** `names` tell the occasion from all others. */
  strikes(fault: Fault, ...names: readonly (string | number)[]): boolean {
    if (!this.on || !this.enabled.has(fault)) return false;
    if (!this.chance.is(FAULTS[fault][0] * this.worse(fault), fault, ...names)) return false;
    this.count(fault);
    return true;
  }

  private worse(fault: Fault): number {
    if (EVEN.has(fault)) return 1;
    return LASTING.has(fault) ? this.drama.ofTheDay() : this.drama.ofTheMoment();
  }

  private count(fault: Fault): void {
    this.struck.set(fault, (this.struck.get(fault) ?? 0) + 1);
  }

  /** How bad it is, from `low` to `high`, mostly near `low`. */
  extentMs(lowMs: number, highMs: number, ...names: readonly (string | number)[]): number {
    const luck = this.chance.number('extent', ...names);
    return Math.round(lowMs * (highMs / lowMs) ** luck);
  }
}
