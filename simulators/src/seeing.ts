import { type Clock, type Instant, msOf } from '@perennial/calendar';
import type { Books, Payment, Refund } from './books';
import { wordsOf } from './token';

const LAG_MS = 30_000;

/** What enquiries and lists show already: `enquiry_lag` hides a charge or refund for a while. */
export class Seeing {
  constructor(
    private readonly books: Books,
    private readonly clock: Clock,
  ) {}

  readonly payment = ({ paymentMethod, createdAt }: Payment): boolean =>
    this.isSeen(wordsOf(paymentMethod).charge, createdAt);

  readonly refund = ({ paymentId, createdAt }: Refund): boolean => {
    const token = this.books.payments.get(paymentId)?.paymentMethod ?? '';
    return this.isSeen(wordsOf(token).refund, createdAt);
  };

  private isSeen(words: string, createdAt: Instant): boolean {
    return !words.includes('enquiry_lag') || msOf(this.clock.now()) - msOf(createdAt) >= LAG_MS;
  }
}
