import type { CalendarDate } from '@perennial/calendar';
import type { Money } from '@perennial/contracts';

/** Whether and how a subscription comes to its end, by the newest word of it. */
export type Standing =
  | { readonly state: 'going_on' }
  | {
      readonly state: 'ending';
      readonly cancellationId: string;
      readonly endsOn: CalendarDate;
      readonly byCard: boolean;
    }
  | { readonly state: 'ended' };

/** What a payment was given up for, per subscription in it. */
export interface Uncollected {
  readonly paymentId: string;
  readonly subscriptionId: string;
  readonly amount: Money;
}

/** What is known about the things that some mails speak of, at the moment of sending them. */
export interface Known {
  readonly erasedCustomers: ReadonlySet<string>;
  readonly paidPayments: ReadonlySet<string>;
  readonly uncollected: readonly Uncollected[];
  /** By subscription. None: nothing was ever said of its end. */
  readonly standings: ReadonlyMap<string, Standing>;
}
