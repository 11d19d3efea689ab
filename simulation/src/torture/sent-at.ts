import type { IncomingMessage } from 'node:http';
import { Instant } from '@perennial/calendar';

export const SENT_AT = 'x-sent-at';

/** When its sender sent it, by the sender's clock; else as given. */
export function sentAt({ headers }: Pick<IncomingMessage, 'headers'>, otherwise: Instant): Instant {
  const said = Instant.safeParse(headers[SENT_AT]);
  return said.success ? said.data : otherwise;
}
