import type { Announce } from '@perennial/service';
import type { Context } from '../context';
import { type Answered, ask } from './ask';
import type { PlannedCall } from './claim';
import { settle } from './settle';

const SETTLED_TOGETHER = 100;

/** A call, and who wants to know what came of it: null where it was too late to begin. */
interface Waiting {
  readonly planned: PlannedCall;
  readonly announce: Announce;
  readonly done: (answer: Answered | null) => void;
}

interface Given extends Waiting {
  readonly answer: Answered;
}

/**
 * What is asked of one provider: a bounded number of calls at once, answers written in batches while
 * others are still awaited. One that hangs holds up nobody, and another provider's lane not at all.
 */
export class Lane {
  private readonly waiting: Waiting[] = [];
  private readonly given: Given[] = [];
  private asking = 0;
  private writing = 0;
  private listeners: (() => void)[] = [];

  constructor(
    readonly provider: string,
    private readonly context: Context,
  ) {}

  /** Calls that wait, are under way, or are answered and not yet written. */
  get size(): number {
    return this.waiting.length + this.asking + this.given.length + this.writing;
  }

  add(
    calls: readonly PlannedCall[],
    announce: Announce,
    done: (answer: Answered | null) => void,
  ): void {
    for (const planned of calls) {
      const { provider } = 'attempt' in planned.call ? planned.call.attempt : planned.call.refund;
      this.context.providerOf(provider).pace.take(1);
      this.waiting.push({ planned, announce, done });
    }
    while (this.asking < this.context.concurrency && this.waiting.length > 0) void this.work();
  }

  /** Waits until fewer than so many calls are left. */
  async untilBelow(count: number): Promise<void> {
    while (this.size >= count) {
      await new Promise<void>((resolve) => this.listeners.push(resolve));
    }
  }

  private async work(): Promise<void> {
    this.asking += 1;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      const answer = await this.askOne(next);
      if (answer) {
        this.given.push({ ...next, answer });
        if (this.writing === 0) void this.write();
      } else next.done(null);
      this.tell();
    }
    this.asking -= 1;
    this.tell();
  }

  /** Providers do not throw: what does is a bug, and the lease lets somebody ask again. */
  private async askOne({ planned }: Waiting): Promise<Answered | null> {
    try {
      return await ask(planned, this.context);
    } catch (error) {
      const { customerId } = planned.call;
      this.context.logger.error({ err: error, customerId }, 'a call could not be made');
      return null;
    }
  }

  private async write(): Promise<void> {
    while (this.given.length > 0) {
      const batch = this.given.splice(0, SETTLED_TOGETHER);
      this.writing = batch.length;
      await this.settleOrLeave(batch);
      for (const { done, answer } of batch) done(answer);
      this.writing = 0;
      this.tell();
    }
  }

  /** What cannot be written is not lost: its lease ends, and the provider is asked what became of it. */
  private async settleOrLeave(batch: readonly Given[]): Promise<void> {
    const [first] = batch;
    if (!first) return;
    try {
      const answers = batch.map(({ answer }) => answer);
      await settle(answers, this.context, first.announce);
    } catch (error) {
      const facts = { err: error, answers: batch.length };
      this.context.logger.error(facts, 'answers could not be written');
    }
  }

  private tell(): void {
    const told = this.listeners;
    this.listeners = [];
    for (const listener of told) listener();
  }
}
