import type { Cause, Envelope, Ids } from '@perennial/contracts';
import { z } from 'zod';

const FromProvider = z.object({ provider: z.string() });

/** The cause of everything that comes of a message: the same trace, and the message as the step before. */
export function causeOf(message: Envelope): Cause {
  return {
    actor: actorOf(message),
    trigger: `message:${message.id}`,
    correlationId: message.correlationid,
    causationId: message.id,
    traceparent: childOf(message.traceparent, message.id),
  };
}

/** Starts a chain of causes; `trigger` is `request:<id>` or `timer:<name>`. */
export function newCause(actor: string, trigger: string, ids: Ids): Cause {
  const correlationId = ids();
  const traceId = correlationId.replaceAll('-', '');
  return {
    actor,
    trigger,
    correlationId,
    causationId: null,
    traceparent: `00-${traceId}-${spanOf(ids())}-01`,
  };
}

/** What a provider told us is the provider's doing; all else that messages bring about is our own. */
function actorOf({ type, data }: Envelope): string {
  if (!type.startsWith('provider.')) return 'system';
  return `provider:${FromProvider.parse(data).provider}`;
}

/** The same for each try of one message, so that its repeats are one span. */
function childOf(traceparent: string, messageId: string): string {
  const [version = '00', traceId = '', , flags = '01'] = traceparent.split('-');
  return [version, traceId, spanOf(messageId), flags].join('-');
}

/** The 16 digits of a UUID that hold its randomness. */
function spanOf(id: string): string {
  return id.replaceAll('-', '').slice(-16);
}
