import { Instant } from '@perennial/calendar';
import { z } from 'zod';
import { PROVIDERS } from '../record';

/** What people read of the answers; the rest is the services' own. */

export const Created = z.object({ id: z.string() });

export const Started = Created.extend({ createdAt: Instant });

const Minor = z.object({ amountMinor: z.int() });

export const FoundPayment = z.object({
  id: z.string(),
  provider: z.enum(PROVIDERS),
  status: z.string(),
  amount: Minor,
  amountRefunded: Minor,
  items: z.array(z.object({ subscriptionId: z.string(), amount: Minor, status: z.string() })),
});
export type FoundPayment = z.output<typeof FoundPayment>;

/** Newest first. */
export const FoundPayments = z.object({ data: z.array(FoundPayment) });

export const AcceptedRefund = Created.extend({ paymentId: z.string(), amount: Minor });

export const FoundDiscrepancies = z.object({
  data: z.array(z.object({ id: z.string(), paymentId: z.string().nullable() })),
});

export const FoundMessages = z.object({ data: z.array(Created) });
