import type { Instant } from '@perennial/calendar';

/** A request as it came in: nothing in it is parsed, repaired or trusted. */
export interface RawRequest {
  /** Every value of every header, so that one sent twice is seen. */
  readonly headers: NodeJS.Dict<string[]>;
  readonly body: Buffer;
  /** The address of the socket's other end, whatever a header says. */
  readonly peer: string;
  readonly requestId: string;
  readonly receivedAt: Instant;
}

/** The header's value where it was sent exactly once. */
export function soleHeader({ headers }: Pick<RawRequest, 'headers'>, name: string): string | null {
  const values = headers[name] ?? [];
  return values.length === 1 ? (values[0] ?? null) : null;
}
