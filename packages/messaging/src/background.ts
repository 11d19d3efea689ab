import type { Database } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import type { Relay } from './relay';

/** What was written without our hearing of it (by another replica, before a crash) is found by looking. */
const POLL_MS = 500;

/** Runs the relay after each commit, and now and then without one. */
export class Background {
  #leave = () => {};
  #poll: NodeJS.Timeout | undefined;
  #running = false;
  #again = false;

  constructor(
    private readonly relay: Relay,
    private readonly db: Database,
    private readonly logger: Logger,
  ) {}

  /** Keeps still while `isQuiet`: then somebody else decides when the outbox is emptied. */
  start(isQuiet: () => boolean): void {
    const wake = () => {
      if (!isQuiet()) this.#wake();
    };
    this.#leave = this.db.onCommit(wake);
    this.#poll = setInterval(wake, POLL_MS);
    wake();
  }

  stop(): void {
    this.#leave();
    clearInterval(this.#poll);
  }

  /** Commits come by the thousand: one round at a time, and one more for all that came meanwhile. */
  #wake(): void {
    this.#again = this.#running;
    if (this.#running) return;
    this.#running = true;
    this.relay
      .round()
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'the outbox could not be emptied; it is tried again');
      })
      .finally(() => {
        this.#running = false;
        if (this.#again) this.#wake();
      });
  }
}
