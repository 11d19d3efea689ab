import { type Clock, type Instant, msOf } from '@perennial/calendar';
import type { Books, Payment, Refund } from './books';
import type { Moods } from './moods';
import { wordsOf } from './token';

const LAG_MS = 30_000;

/** What enquiries and lists show already: `enquiry_lag` hides a charge or refund for a while. */
export class Seeing {
  constructor(
    private readonly books: Books,
    private readonly clock: Clock,
    private readonly moods?: Moods,
  ) {}

  readonly payment = ({ paymentMethod, createdAt }: Payment): boolean =>
    this.isSeen(paymentMethod, wordsOf(paymentMethod).charge, createdAt);

  readonly refund = ({ paymentId, createdAt }: Refund): boolean => {
    const token = this.books.payments.get(paymentId)?.paymentMethod ?? '';
    return this.isSeen(token, wordsOf(token).refund, createdAt);
  };

  private isSeen(token: string, words: string, createdAt: Instant): boolean {
    const lags = words.includes('enquiry_lag') || (this.moods?.lags(token, createdAt) ?? false);
    return !lags || msOf(this.clock.now()) - msOf(createdAt) >= LAG_MS;
  }
}
