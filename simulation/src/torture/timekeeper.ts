import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, chargeInstant, localDate, msOf } from '@perennial/calendar';
import type { Chance } from '../chance';
import type { Site } from './site';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BILLING = { zone: 'Europe/London', chargeTime: '06:00' };
const LOOK_MS = 25;
const CALM_LOOK_MS = 60;
const PATIENCE_MS = 2_000;

type Jump = readonly [share: number, ms: (luck: Chance) => number];

/** Leases pass, and now and then half a day. */
const IN_THE_MIDDLE: readonly Jump[] = [
  [85, (luck) => luck.between(1, 12, 'minutes') * MINUTE_MS],
  [15, (luck) => luck.between(1, 20, 'hours') * HOUR_MS],
];

/** Lets a year pass in minutes: in jumps, whatever is under way. */
export class Timekeeper {
  /** Moments that are not passed yet, by whoever holds them. */
  private readonly brakes = new Map<object, number>();
  private waiting: { readonly ms: number; readonly come: () => void }[] = [];
  private readonly looks = setInterval(() => this.wake(), LOOK_MS);

  constructor(
    private readonly site: Pick<Site, 'hand' | 'clock' | 'shiftDatabaseClock'>,
    /** Whether nothing is to do, and nothing under way. */
    private readonly isCalm: () => Promise<boolean>,
  ) {}

  get nowMs(): number {
    return msOf(this.site.clock.now());
  }

  /** Until it is let go, no jump leads further than so far from now. */
  brake(ms: number): () => void {
    const mine = {};
    this.brakes.set(mine, this.nowMs + ms);
    return () => void this.brakes.delete(mine);
  }

  /** Resolves when that moment has come; it is one that jumps lead to. */
  until(ms: number): Promise<void> {
    return new Promise((come) => this.waiting.push({ ms, come }));
  }

  stop(): void {
    clearInterval(this.looks);
  }

  jump(ms: number): void {
    const now = this.nowMs;
    const far = Math.max(0, Math.min(ms, ...[...this.brakes.values()].map((end) => end - now)));
    void this.site.shiftDatabaseClock(far);
    this.site.hand.jump(far);
  }

  /** One jump after the other: mostly when all that is due is done, and sometimes in the middle of it. */
  async run(luck: Chance, isOver: () => boolean): Promise<void> {
    for (let number = 0; !isOver(); number += 1) {
      const own = luck.of(number);
      await sleep(own.between(50, 400, 'pause'));
      const isInTheMiddle = own.is(0.2, 'at once') || !(await this.calm());
      const jumps = isInTheMiddle ? IN_THE_MIDDLE : this.jumps();
      this.jump(own.weighted(jumps, 'kind')(own));
    }
  }

  /** What is broken may keep it from being calm for long: then time goes on all the same. */
  private async calm(): Promise<boolean> {
    const end = performance.now() + PATIENCE_MS;
    while (performance.now() < end) {
      if (await this.isCalm()) return true;
      await sleep(CALM_LOOK_MS);
    }
    return false;
  }

  private jumps(): readonly Jump[] {
    return [
      [50, () => this.toNextCharges()],
      [20, (luck) => luck.between(1, 12, 'hours') * HOUR_MS],
      [10, (luck) => luck.between(1, 90, 'minutes') * MINUTE_MS],
      [20, () => this.toNextMoment()],
      [4, (luck) => luck.between(1, 3, 'days') * DAY_MS],
    ];
  }

  private toNextCharges(): number {
    const now = this.site.clock.now();
    const today = localDate(now, BILLING.zone);
    const next = [today, addDays(today, 1)]
      .map((date) => msOf(chargeInstant(date, BILLING)))
      .find((ms) => ms > this.nowMs);
    return (next ?? this.nowMs) - this.nowMs;
  }

  private toNextMoment(): number {
    const next = Math.min(...this.waiting.map(({ ms }) => ms), this.nowMs + DAY_MS);
    return next - this.nowMs;
  }

  private wake(): void {
    const now = this.nowMs;
    const come = this.waiting.filter(({ ms }) => ms <= now);
    this.waiting = this.waiting.filter(({ ms }) => ms > now);
    for (const one of come) one.come();
  }
}
