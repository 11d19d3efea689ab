import { z } from 'zod';

/**
 * Why something is done: handed from a request, a message or a timer to every audit entry and every
 * message that comes of it, so that one trace and an unbroken chain of causes runs through the system.
 */
export const Cause = z.object({
  /** `system`, `provider:<name>`, `operator:<name>` or `customer`. */
  actor: z.string(),
  /** `message:<id>`, `request:<id>` or `timer:<name>`. */
  trigger: z.string(),
  correlationId: z.string(),
  /** The message that led here; null at the start of a chain. */
  causationId: z.string().nullable(),
  /** W3C trace context. */
  traceparent: z.string(),
});
export type Cause = z.infer<typeof Cause>;
