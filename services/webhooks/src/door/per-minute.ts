import { type Clock, msOf } from '@perennial/calendar';

const WINDOW_MS = 60_000;
const MAX_ADDRESSES = 10_000;

/** Counts by address what may happen only so often, a minute at a time. Memory is bounded, not exact. */
export class PerMinute {
  readonly #windows = new Map<string, { endsAtMs: number; count: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly allowed: number,
  ) {}

  /** Seconds until the address is counted anew, or null where it did not come too often. */
  count(address: string): number | null {
    const nowMs = msOf(this.clock.now());
    const known = this.#windows.get(address);
    const window =
      known && nowMs < known.endsAtMs ? known : { endsAtMs: nowMs + WINDOW_MS, count: 0 };
    window.count += 1;
    if (window !== known) this.#remember(address, window);
    if (window.count <= this.allowed) return null;
    return Math.max(1, Math.ceil((window.endsAtMs - nowMs) / 1000));
  }

  #remember(address: string, window: { endsAtMs: number; count: number }): void {
    this.#windows.delete(address);
    // A Map keeps the order of insertion: the first is the window that ends first.
    const oldest = this.#windows.keys().next();
    if (this.#windows.size >= MAX_ADDRESSES && !oldest.done) this.#windows.delete(oldest.value);
    this.#windows.set(address, window);
  }
}
