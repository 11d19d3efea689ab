import { addMs, type Clock, type Instant } from '@perennial/calendar';

const MINUTE_MS = 60_000;
/** How long a charge or refund that was accepted stays open. */
const PENDING_MS = 5 * MINUTE_MS;

/** What was accepted and is decided later, each in its time. */
export class Pending {
  private readonly waiting: { readonly at: Instant; decide(): void }[] = [];

  constructor(private readonly clock: Clock) {}

  add(decide: () => void, afterMs = PENDING_MS): void {
    this.waiting.push({ at: addMs(this.clock.now(), afterMs), decide });
    this.waiting.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
  }

  nextAt(): Instant | null {
    return this.waiting[0]?.at ?? null;
  }

  decideDue(): void {
    const now = this.clock.now();
    for (let first = this.waiting[0]; first && first.at <= now; first = this.waiting[0]) {
      this.waiting.shift();
      first.decide();
    }
  }

  clear(): void {
    this.waiting.length = 0;
  }
}
