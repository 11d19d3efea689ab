import { Instant } from '@perennial/calendar';
import type { FieldError } from '@perennial/service';
import { z } from 'zod';

export const DeliveryStatus = z.enum(['published', 'pending', 'quarantined', 'ignored']);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

/** One event as a provider told it. */
export const Delivery = z.object({
  id: z.uuid(),
  provider: z.string(),
  eventId: z.string().nullable(),
  type: z.string().nullable(),
  status: DeliveryStatus,
  /** Why it lies in quarantine: pointers and codes, never values. */
  reason: z.string().nullable(),
  reference: z.string().nullable(),
  receivedAt: Instant,
  publishedAt: Instant.nullable(),
  replays: z.int().nonnegative(),
});
export type Delivery = z.infer<typeof Delivery>;

const MAX_REASON_LENGTH = 1000;

/** `/data/amount invalid_type; /data/currency custom` */
export function reasonOf(problems: readonly FieldError[]): string {
  const places = problems.map(({ pointer, code }) => `${pointer} ${code}`.trim());
  return places.join('; ').slice(0, MAX_REASON_LENGTH);
}
