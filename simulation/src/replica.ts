import { type Clock, instantOfMs, type Timer } from '@perennial/calendar';
import type { AssembledService } from '@perennial/service';
import type { Chance } from './chance';
import type { Fault, Faults } from './faults';
import type { ServiceName } from './record';
import type { Scheduler } from './scheduler';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** A place in a process's work where what is on one side of it outlasts the process. */
export interface Border {
  /** As in `billing commit`. */
  readonly name: string;
  readonly side: 'before' | 'after';
}

/** What a replica has of its world. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly chance: Chance;
  /** Told of each border; true: the process dies there. */
  dies(border: Border): boolean;
  died(replica: Replica): void;
  /** Told of each time in which it stands still. */
  stood(ms: number): void;
}

/** One life of one process of a service: from its start to its being killed. What is killed goes no further. */
export class Replica {
  readonly name: string;
  assembled: AssembledService | null = null;
  timers: readonly Timer[] = [];
  /** The last step in which something of its own failed by a fault. */
  struckAtStep = -1;
  /** While the world only looks, nothing is a border. */
  looking = false;
  private alive = true;
  private stalledUntilMs = 0;
  private stalledSinceMs = 0;
  private skewMs = 0;
  private passed = 0;
  private readonly conversations = new Set<() => void>();

  constructor(
    readonly service: ServiceName,
    readonly number: number,
    readonly life: number,
    private readonly world: Surroundings,
  ) {
    this.name = `${service}/${number}`;
    if (world.faults.strikes('clock skewed', this.name, life)) this.skew();
  }

  get isAlive(): boolean {
    return this.alive;
  }

  get isStalled(): boolean {
    return this.stalledUntilMs > this.world.scheduler.nowMs;
  }

  /** For so long that whoever balances the load has taken it out. */
  get isGivenUp(): boolean {
    return this.isStalled && this.world.scheduler.nowMs - this.stalledSinceMs > MINUTE_MS;
  }

  get stallLeftMs(): number {
    return this.stalledUntilMs - this.world.scheduler.nowMs;
  }

  /** Its own view of the time, and its own way to wait. */
  readonly clock: Clock = {
    now: () => instantOfMs(Math.floor(this.world.scheduler.nowMs + this.skewMs)),
    pause: (ms) =>
      new Promise((resolve) => this.world.scheduler.after(ms, () => this.goOn(resolve))),
  };

  /** Takes a moment, as everything does; `fault` is what kills it there. */
  border(border: Border, fault: Fault, about = ''): Promise<void> {
    if (this.looking) return Promise.resolve();
    const { scheduler, chance, faults } = this.world;
    this.passed += 1;
    const number = this.passed;
    const tookMs = 0.2 + 8 * chance.number('moment', this.name, this.life, number) ** 3;
    return new Promise((resolve) => {
      if (faults.strikes('process stalled', this.name, this.life, number)) {
        this.stall(faults.extentMs(2 * SECOND_MS, 6 * HOUR_MS, this.name, this.life, number));
      }
      scheduler.after(tookMs, () => this.pass(border, fault, number, about, resolve));
    });
  }

  private pass(border: Border, fault: Fault, number: number, about: string, go: () => void): void {
    if (!this.alive) return;
    const { scheduler, faults } = this.world;
    if (this.isStalled) {
      scheduler.at(this.stalledUntilMs, () => this.pass(border, fault, number, about, go));
      return;
    }
    const fated = this.world.dies(border);
    if (fated || faults.strikes(fault, this.name, this.life, number)) {
      scheduler.note(this.name, `dies ${border.side} ${border.name}`, about);
      this.kill();
      return;
    }
    if (number % 500 === 0 && faults.strikes('clock skewed', this.name, this.life, number))
      this.skew();
    scheduler.note(this.name, `${border.side} ${border.name}`, about);
    go();
  }

  private goOn(resolve: () => void): void {
    if (!this.alive) return;
    if (this.isStalled) this.world.scheduler.at(this.stalledUntilMs, () => this.goOn(resolve));
    else resolve();
  }

  stall(ms: number): void {
    const { scheduler } = this.world;
    if (!this.isStalled) this.stalledSinceMs = scheduler.nowMs;
    this.stalledUntilMs = Math.max(this.stalledUntilMs, scheduler.nowMs + ms);
    this.world.stood(ms);
    scheduler.note(this.name, `stands still for ${Math.round(ms / 1000)} s`);
  }

  /** It goes on, and its clock is right. */
  recover(): void {
    this.stalledUntilMs = 0;
    this.skewMs = 0;
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const reset of this.conversations) reset();
    this.world.died(this);
  }

  /** Calls `reset` should it die before the conversation is over, which the caller tells by what is answered. */
  converse(reset: () => void): () => void {
    this.conversations.add(reset);
    return () => this.conversations.delete(reset);
  }

  /** Up to five seconds either way. */
  private skew(): void {
    const { chance } = this.world;
    this.skewMs = chance.between(-5000, 5000, 'skew', this.name, this.life, this.passed);
  }
}
