import type { Instant } from '@perennial/calendar';
import type { Post } from '@perennial/simulators';
import { z } from 'zod';
import type { ProviderName } from './record';

/** Events that a provider told at our door, and does not tell again because we said that we have them. */
export interface Acknowledged {
  readonly provider: ProviderName;
  readonly at: Instant;
  readonly eventIds: readonly string[];
}

const Event = z.object({ id: z.string() });
const Batch = z.object({ items: z.array(z.object({ evNo: z.coerce.string() })) });

/** Posts, and writes down what was acknowledged. */
export function noting(
  post: Post,
  provider: ProviderName,
  now: () => Instant,
  into: Acknowledged[],
): Post {
  return async (url, headers, body) => {
    const answer = await post(url, headers, body);
    // A proxy's page is nobody's word.
    const isOurs = answer.status === 200 && answer.text.startsWith('{');
    const eventIds = isOurs ? eventsIn(JSON.parse(body)) : [];
    if (eventIds.length > 0) into.push({ provider, at: now(), eventIds });
    return answer;
  };
}

/** None: it is no event, but a part of the conversation. */
function eventsIn(body: unknown): readonly string[] {
  const batch = Batch.safeParse(body);
  if (batch.success) return batch.data.items.map(({ evNo }) => evNo);
  const event = Event.safeParse(body);
  return event.success ? [event.data.id] : [];
}
