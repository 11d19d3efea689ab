import type { Timer } from '@perennial/calendar';
import { ScheduledTimer } from './scheduled-timer';

/** One service, or a simulator, as far as time is concerned. */
export interface Participant {
  readonly name: string;
  readonly timers: readonly Timer[];
  /** Publishes what waits in the outbox; answers how much that was. Writes nothing when nothing waits. */
  flush(): Promise<number>;
  /** Tells of each write to the participant's data. Absent: its timers are asked each time. */
  readonly onCommit?: (listener: () => void) => () => void;
}

/** A participant on the timeline. */
export class Member {
  readonly name: string;
  readonly timers: readonly ScheduledTimer[];
  readonly leave: () => void;
  #mayHaveMessages = true;

  constructor(
    private readonly participant: Participant,
    onCommit: () => void,
  ) {
    this.name = participant.name;
    const hears = participant.onCommit !== undefined;
    this.timers = participant.timers.map((timer) => new ScheduledTimer(this.name, timer, hears));
    this.leave = participant.onCommit?.(onCommit) ?? (() => {});
  }

  dataChanged(): void {
    this.#mayHaveMessages = true;
    for (const timer of this.timers) timer.forget();
  }

  async flush(): Promise<number> {
    if (this.participant.onCommit && !this.#mayHaveMessages) return 0;
    this.#mayHaveMessages = false;
    try {
      const published = await this.participant.flush();
      if (published > 0) this.#mayHaveMessages = true;
      return published;
    } catch (error) {
      this.#mayHaveMessages = true;
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.timers.map((timer) => timer.stop()));
  }
}
