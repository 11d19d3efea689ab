import { z } from 'zod';
import type { Cause } from './cause';

export const ServiceName = z.enum(['subscriptions', 'billing', 'webhooks', 'notifications']);
export type ServiceName = z.infer<typeof ServiceName>;

/** A CloudEvents 1.0 object with our extension attributes. `data` is checked by the message's own schema. */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.uuid(),
  /** `/services/<owner>`. */
  source: z.string(),
  type: z.string(),
  time: z.iso.datetime(),
  /** The id of the aggregate that the message is about. */
  subject: z.string().min(1),
  datacontenttype: z.literal('application/json'),
  data: z.unknown(),
  /** Rises with each change of the aggregate; consumers that keep the latest keep the highest. */
  aggregateversion: z.int().nonnegative(),
  correlationid: z.string(),
  causationid: z.string().nullable(),
  traceparent: z.string(),
});
export type Envelope<Data = unknown> = Omit<z.infer<typeof Envelope>, 'data'> & { data: Data };

/** What a handler wants to be sent; the id and the time are added when it is stored in the outbox. */
export interface Announcement {
  /** Set where the producer must know its message again; absent: the outbox makes one. */
  readonly id?: string;
  readonly type: string;
  readonly subject: string;
  readonly version: number;
  readonly data: object;
  readonly cause: Cause;
}

export interface MessageDefinition<Data extends object = object> {
  /** The routing key, with its major version: `billing.payment-succeeded.v1`. */
  readonly type: string;
  readonly owner: ServiceName;
  readonly when: string;
  /** Empty for a message that nobody needs to hear: then it may be unroutable. */
  readonly listeners: readonly ServiceName[];
  readonly data: z.ZodType<Data>;
  of(subject: string, version: number, data: Data, cause: Cause): Announcement;
}

interface Declaration<Shape extends z.ZodRawShape> {
  readonly owner: ServiceName;
  readonly when: string;
  readonly listeners: readonly ServiceName[];
  readonly data: Shape;
}

/** Declares one message that crosses a service boundary. */
export function message<Shape extends z.ZodRawShape>(
  type: string,
  { owner, when, listeners, data }: Declaration<Shape>,
) {
  return {
    type,
    owner,
    when,
    listeners,
    data: z.object(data),
    of: (
      subject: string,
      version: number,
      facts: z.output<z.ZodObject<Shape>>,
      cause: Cause,
    ): Announcement => ({ type, subject, version, data: facts, cause }),
  };
}
