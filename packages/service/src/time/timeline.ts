import { type Clock, earliest, type Instant } from '@perennial/calendar';
import type { Logger } from '@perennial/logger';
import { isMovable } from './clocks';
import { Member, type Participant } from './member';
import { RealTime } from './real-time';
import { Settling } from './settling';

/** One process's time: every timer of every service in it. */
export class Timeline {
  readonly #members = new Set<Member>();
  readonly #realTime: RealTime;
  /** Settling and moving the clock take turns. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {
    this.#realTime = new RealTime(clock, logger, () => this.settle());
  }

  /** Answers how to take it off again, which waits for what it is doing. */
  add(participant: Participant): () => Promise<void> {
    const member = new Member(participant, () => this.#dataChanged(member.name));
    this.#members.add(member);
    this.#realTime.add(member);
    return async () => {
      member.leave();
      this.#members.delete(member);
      this.#realTime.remove(member);
      await member.stop();
    };
  }

  /** Does all that is due now, and all that comes of it. Throws, at the end, what failed. */
  settle(): Promise<void> {
    return this.#inTurn(() => this.#settle());
  }

  /** Goes to `to` by way of every instant at which something falls due; stops where something fails. */
  advance(to: Instant): Promise<void> {
    return this.#inTurn(async () => {
      const { clock } = this;
      if (!isMovable(clock)) throw new Error('only a manual clock can be moved');
      await this.#settle();
      for (;;) {
        const next = await this.#nextAfter(clock.now());
        if (next === null || next > to) break;
        await clock.set(next);
        await this.#settle();
      }
      await clock.set(to);
      await this.#settle();
    });
  }

  /** From now on what is due runs by itself: looked for as each timer says, and after each commit. */
  start(): void {
    this.#realTime.start();
  }

  async stop(): Promise<void> {
    this.#realTime.stop();
    await this.#turn;
    await Promise.all([...this.#members].map((member) => member.stop()));
  }

  /** Replicas of one service share its data under one name, each with its own connection. */
  #dataChanged(name: string): void {
    for (const member of this.#members) if (member.name === name) member.dataChanged();
    this.#realTime.wake();
  }

  async #settle(): Promise<void> {
    await new Settling(this.#members, this.clock, this.logger).run();
  }

  async #nextAfter(now: Instant): Promise<Instant | null> {
    const timers = [...this.#members].flatMap((member) => member.timers);
    const instants = await Promise.all(timers.map((timer) => timer.nextAt()));
    return earliest(...instants.map((at) => (at !== null && at > now ? at : null)));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }
}
