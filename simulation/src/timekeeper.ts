import { type Instant, msOf, type Timer } from '@perennial/calendar';
import type { Participant } from '@perennial/service';
import type { Chance } from './chance';
import { Struck } from './gated-database';
import type { Replica } from './replica';
import type { Scheduler } from './scheduler';
import { failsWithoutCause } from './steady';
import { touchOf } from './tables';

/** Commits come in crowds: due work is looked for once, a moment after the first. */
const AFTER_COMMIT_MS = 100;
const POLL_MS = 500;
/** Replicas do not look at the same moment. */
const APART_MS = 2_000;

/** How often all replicas go for what is due. */
const MEETING = 0.3;
/** What fails every few seconds for hours is the same again and again: mostly left out. */
const RESIGNED = 0.8;

/** Where what may be sent is written. */
const MAIL = new Set(['outbox', 'failed_messages']);

interface Due {
  readonly at: Instant | null;
  readonly from: ReadonlySet<string>;
}

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  /** Of this service, those that are alive. */
  replicas(): readonly Replica[];
  /** Whether something waits in the outbox that may be sent. */
  hasMail(): Promise<boolean>;
  /** Until then nothing can be published. */
  brokerUpAtMs(): number;
  /** Until then the database cannot be reached. */
  databaseUpAtMs(): number;
}

/**
 * The timers of one service, in all its replicas. Due work is not polled for, as on a real machine, but
 * looked for when the data has changed, and at the very moments that the timers name.
 */
export class Timekeeper {
  private lookAtMs: number | null = null;
  private readonly running = new Set<string>();
  private readonly planned = new Map<string, number>();
  private readonly relayAtMs = new Map<Replica, number>();

  /** When each timer is due, and the tables that say so. */
  private readonly due = new Map<number, Due>();
  private asking: Set<string> | null = null;
  private mayHaveMail = true;

  constructor(private readonly world: Surroundings) {}

  /** Told of every statement: an answer is good until what it was read from is written. */
  saw(sql: string): void {
    const { writes, tables } = touchOf(sql);
    for (const table of tables) {
      if (!writes) this.asking?.add(table);
      else for (const [index, { from }] of this.due) if (from.has(table)) this.due.delete(index);
    }
    if (writes && tables.some((table) => MAIL.has(table))) this.mayHaveMail = true;
  }

  /** For a replica that starts: in place of production's own timeline. */
  timelineOf(replica: Replica) {
    return {
      add: ({ timers }: Participant) => {
        replica.timers = timers;
        return async () => {};
      },
      advance: async () => {
        throw new Error('this clock is moved by the simulation only');
      },
    };
  }

  /** The data has changed, by this replica or without anybody's knowing. */
  changed(by: Replica | null): void {
    this.lookIn(AFTER_COMMIT_MS);
    if (!this.mayHaveMail) return;
    for (const replica of this.world.replicas()) {
      this.relayIn(replica, replica === by ? 1 : this.luck(replica, 'poll') * POLL_MS);
    }
  }

  private lookIn(ms: number): void {
    const { scheduler } = this.world;
    const atMs = scheduler.nowMs + ms;
    if (this.lookAtMs !== null && this.lookAtMs <= atMs && this.lookAtMs >= scheduler.nowMs) return;
    this.lookAtMs = atMs;
    scheduler.at(atMs, () => {
      if (this.lookAtMs !== atMs) return false;
      this.lookAtMs = null;
      return scheduler.spawn(() => this.look());
    });
  }

  /** Unlike `lookIn`, not given up for an earlier look. */
  private lookAfter(ms: number): void {
    this.world.scheduler.after(ms, () => {
      this.lookIn(0);
      return false;
    });
  }

  /** Asks one replica when its timers are due, for all of them. */
  private async look(): Promise<void> {
    const replicas = this.world.replicas();
    const [first] = replicas;
    if (!first) return;
    const { chance, scheduler } = this.world;
    const downMs = this.world.databaseUpAtMs() - scheduler.nowMs;
    if (downMs > 0 && chance.is(RESIGNED, 'resigned', scheduler.steps)) {
      this.lookIn(downMs);
      return;
    }
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [index, timer] of first.timers.entries()) {
      const at = await this.dueAt(first, timer, index);
      if (at === null) continue;
      const inMs = Math.max(0, msOf(at) - msOf(first.clock.now()));
      nextMs = Math.min(nextMs, inMs);
      if (inMs === 0) this.planSome(replicas, index, timer.everyMs);
    }
    if (nextMs > 0 && nextMs < Number.POSITIVE_INFINITY) this.lookIn(nextMs);
  }

  private async dueAt(replica: Replica, timer: Timer, index: number): Promise<Instant | null> {
    const known = this.due.get(index);
    if (known) return known.at;
    const from = new Set<string>();
    this.asking = from;
    const at = await asked(replica, timer);
    this.asking = null;
    this.due.set(index, { at, from });
    return at;
  }

  /** Mostly whoever comes first does it, and the others find nothing; sometimes they meet. */
  private planSome(replicas: readonly Replica[], index: number, everyMs: number): void {
    const { chance, scheduler } = this.world;
    const able = replicas.filter(({ isStalled }) => !isStalled);
    if (able.length === 0 || chance.is(MEETING, 'meeting', index, scheduler.steps)) {
      for (const replica of replicas) this.plan(replica, index, everyMs);
      return;
    }
    const chosen = chance.pick(able, 'who', index, scheduler.steps);
    this.plan(chosen, index, everyMs);
    scheduler.after(APART_MS + everyMs, () => {
      // It died over it, or stands still: somebody else looks.
      if (this.running.has(timerOf(chosen, index))) this.lookIn(0);
      return false;
    });
  }

  private plan(replica: Replica, index: number, everyMs: number): void {
    const { scheduler } = this.world;
    const name = timerOf(replica, index);
    if (this.planned.has(name)) return;
    const apartMs = this.luck(replica, index) * Math.min(everyMs, APART_MS);
    this.planned.set(name, scheduler.nowMs + apartMs);
    scheduler.after(apartMs, () => {
      this.planned.delete(name);
      if (this.running.has(name)) return false;
      return scheduler.spawn(() => this.fire(replica, index, name));
    });
  }

  private async fire(replica: Replica, index: number, name: string): Promise<void> {
    const timer = replica.timers[index];
    if (!timer) return;
    if (!replica.isAlive || replica.isStalled) {
      this.relieve(replica);
      return;
    }
    const at = await asked(replica, timer);
    const { scheduler } = this.world;
    if (at === null) return;
    const inMs = msOf(at) - msOf(replica.clock.now());
    if (inMs > 0) {
      this.lookAfter(inMs);
      return;
    }
    this.running.add(name);
    scheduler.note(replica.name, `does ${timer.name}`);
    const began = scheduler.steps;
    try {
      await timer.run();
    } catch (error) {
      scheduler.note(replica.name, `${timer.name} failed: ${String(error)}`);
      blame(error, began, `${timer.name} of ${replica.name}`);
    }
    this.running.delete(name);
    // Where it is due still, it is looked at again in its own time.
    this.lookAfter(timer.everyMs);
  }

  /** Somebody else looks, if there is anybody, and who stands still does so afterwards. */
  private relieve({ isAlive, stallLeftMs }: Replica): void {
    if (this.world.replicas().some(({ isStalled }) => !isStalled)) this.lookIn(0);
    if (isAlive) this.lookAfter(stallLeftMs);
  }

  private relayIn(replica: Replica, ms: number): void {
    const { scheduler } = this.world;
    const atMs = Math.max(scheduler.nowMs + ms, this.world.brokerUpAtMs());
    const known = this.relayAtMs.get(replica);
    if (known !== undefined && known <= atMs) return;
    this.relayAtMs.set(replica, atMs);
    scheduler.at(atMs, () => {
      if (this.relayAtMs.get(replica) !== atMs) return false;
      this.relayAtMs.delete(replica);
      // One that is under way looks again when it is through.
      if (this.running.has(relayOf(replica)) || !this.mayHaveMail) return false;
      return scheduler.spawn(() => this.relay(replica));
    });
  }

  private async relay(replica: Replica): Promise<void> {
    const { assembled } = replica;
    if (!replica.isAlive || assembled === null || !(await this.hasMail())) return;
    if (replica.isStalled) {
      this.relayIn(replica, replica.stallLeftMs);
      return;
    }
    this.running.add(relayOf(replica));
    const began = this.world.scheduler.steps;
    await assembled.messaging
      .relay()
      .catch((error: unknown) => blame(error, began, relayOf(replica)));
    this.running.delete(relayOf(replica));
    if (await this.hasMail()) this.relayIn(replica, POLL_MS);
  }

  private async hasMail(): Promise<boolean> {
    this.mayHaveMail &&= await this.world.hasMail();
    return this.mayHaveMail;
  }

  private luck(replica: Replica, what: string | number): number {
    const { chance, scheduler } = this.world;
    return chance.number('apart', replica.name, what, scheduler.steps);
  }
}

function timerOf({ name, life }: Replica, index: number): string {
  return `${name}/${life}/${index}`;
}

function relayOf({ name, life }: Replica): string {
  return `${name}/${life}/relay`;
}

/** What fails since a step fails by a fault of that time, or breaks the run. */
function blame(error: unknown, began: number, what: string): void {
  if (!(error instanceof Struck) || error.step < began) throw failsWithoutCause(what, error);
}

/** Looking is not doing: nothing can go wrong with it. */
async function asked(replica: Replica, timer: Timer): Promise<Instant | null> {
  replica.looking = true;
  try {
    return await timer.nextAt();
  } finally {
    replica.looking = false;
  }
}
