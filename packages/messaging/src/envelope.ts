import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '@perennial/calendar';
import {
  type Announcement,
  Envelope,
  type Ids,
  messageOfType,
  type ServiceName,
} from '@perennial/contracts';

export interface Sender {
  readonly service: ServiceName;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Makes the envelope, and throws unless the contract knows exactly what is announced: the service's
 * own message, every field valid, none that the contract does not name.
 */
export function envelopeOf(announcement: Announcement, { service, clock, ids }: Sender): Envelope {
  const { id, type, subject, version, data, cause } = announcement;
  const definition = messageOfType(type);
  if (definition?.owner !== service) throw new Error(`${service} does not own the message ${type}`);
  if (!isDeepStrictEqual(definition.data.parse(data), data)) {
    throw new Error(`${type} carries more than its contract names`);
  }
  return Envelope.parse({
    specversion: '1.0',
    id: id ?? ids(),
    source: `/services/${service}`,
    type,
    time: clock.now(),
    subject,
    datacontenttype: 'application/json',
    data,
    aggregateversion: version,
    correlationid: cause.correlationId,
    causationid: cause.causationId,
    traceparent: cause.traceparent,
  });
}
