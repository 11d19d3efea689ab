import { Instant } from '@perennial/calendar';
import { z } from 'zod';

export const MailKind = z.enum([
  'payment_receipt',
  'payment_declined',
  'subscription_terminated',
  'card_unavailable',
  'refund_receipt',
]);
export type MailKind = z.infer<typeof MailKind>;

const EntityType = z.enum(['payment', 'subscription', 'cancellation', 'refund']);
type EntityType = z.infer<typeof EntityType>;

/** What a mail of each kind is about. There is at most one mail per (kind, entity). */
export const ENTITY_OF: Record<MailKind, EntityType> = {
  payment_receipt: 'payment',
  payment_declined: 'payment',
  subscription_terminated: 'subscription',
  card_unavailable: 'cancellation',
  refund_receipt: 'refund',
};

export const MailStatus = z.enum(['pending', 'sent', 'failed']);

/** As it is shown. A mail that was no longer true when its time came is `dropped`, and never shown. */
export const Mail = z.object({
  id: z.uuid(),
  kind: MailKind,
  entity: z.object({ type: EntityType, id: z.uuid() }),
  customerId: z.uuid(),
  status: MailStatus,
  attempts: z.int().nonnegative(),
  createdAt: Instant,
  sentAt: Instant.nullable(),
});
export type Mail = z.infer<typeof Mail>;
