import { Instant } from '@perennial/calendar';
import { z } from 'zod';

/** A key that Aurora signs with; `endsAt` is when one that was replaced stops counting. */
export interface WebhookSecret {
  readonly key: Buffer;
  readonly endsAt: Instant | null;
}

const MIN_KEY_BYTES = 24;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})(?:@(.+))?$/;

/** `whsec_<base64>`, comma-separated during a rotation, each with its end as `…@2027-01-01T00:00:00Z`. */
export const WebhookSecrets = z.string().transform((text, context): WebhookSecret[] => {
  const secrets = text.split(',').map((entry) => parseSecret(entry.trim()));
  const wrong = secrets.find((secret) => typeof secret === 'string');
  if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
  return secrets.filter((secret) => typeof secret !== 'string');
});

/** The secret, or what is wrong with it, which never tells what it was. */
function parseSecret(entry: string): WebhookSecret | string {
  const [, base64, end] = SECRET.exec(entry) ?? [];
  if (base64 === undefined) return 'expected whsec_<base64>, with an optional @<end>';
  const key = Buffer.from(base64, 'base64');
  if (key.length < MIN_KEY_BYTES) return `a secret has fewer than ${MIN_KEY_BYTES} bytes`;
  if (end === undefined) return { key, endsAt: null };
  const endsAt = Instant.safeParse(end);
  return endsAt.success ? { key, endsAt: endsAt.data } : "a secret's end is not an instant";
}
