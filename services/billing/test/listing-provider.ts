import { addMs, type Clock, type Instant } from '@perennial/calendar';
import type { ChargeEvidence, RefundEvidence } from '../src/domain/evidence';
import type { Attempt } from '../src/domain/payment';
import type { Listed, Listing, Provider } from '../src/providers/provider';
import { sheet } from './one-customer';

/** A provider whose books are made up page by page, and that notes what it is asked. */
export class ListingProvider implements Provider {
  readonly sheet = { ...sheet, enquiryLagMs: 0 };
  /** Cursors of the pages that were asked for, and references that were enquired about. */
  readonly asked: string[] = [];
  down = false;
  /** What is done before a page is answered. */
  before: (cursor: string) => Promise<void> = async () => undefined;
  says: (attempt: Attempt) => ChargeEvidence = () => ({ outcome: 'not_found' });
  private readyAt: Instant | null = null;
  private taken = 0;

  constructor(
    private readonly clock: Clock,
    private readonly pages: number,
    private readonly itemsOf: (page: number) => readonly Listed[] = () => [],
    private readonly callsPerSecond = Number.POSITIVE_INFINITY,
  ) {}

  /** So many calls, then none for a second. */
  readonly pace = {
    available: () => (this.isReady() ? this.callsPerSecond - this.taken : 0),
    readyAt: () => (this.isReady() ? null : this.readyAt),
    take: (calls: number) => {
      this.taken += calls;
      if (this.taken < this.callsPerSecond) return;
      this.readyAt = addMs(this.clock.now(), 1_000);
    },
  };

  async list(_window: unknown, cursor: string | null): Promise<Listing> {
    const page = Number(cursor ?? 0);
    this.asked.push(String(page));
    await this.before(String(page));
    if (this.down) return { outcome: 'failed', detail: 'answered 500', waitMs: null };
    const next = page + 1 < this.pages ? String(page + 1) : null;
    return { outcome: 'listed', items: this.itemsOf(page), next };
  }

  async enquire(attempt: Attempt): Promise<ChargeEvidence> {
    this.asked.push(attempt.reference);
    return this.says(attempt);
  }

  charge = () => Promise.reject(new Error('a reconciliation charges nobody'));
  refund = () => Promise.reject(new Error('a reconciliation refunds nobody'));
  async enquireRefund(): Promise<RefundEvidence> {
    return { outcome: 'not_found' };
  }

  private isReady(): boolean {
    if (this.readyAt !== null && this.clock.now() >= this.readyAt) {
      this.readyAt = null;
      this.taken = 0;
    }
    return this.readyAt === null;
  }
}
