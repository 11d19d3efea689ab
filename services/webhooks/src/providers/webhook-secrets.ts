import { Instant } from '@perennial/calendar';
import { z } from 'zod';

/** A key that a provider proves itself with; `endsAt` is when one that was replaced stops counting. */
export interface WebhookSecret {
  readonly key: Buffer;
  readonly endsAt: Instant | null;
}

const MIN_KEY_BYTES = 24;

/**
 * Secrets, comma-separated during a rotation, each with its end as `…@2027-01-01T00:00:00Z`. `keyOf`
 * reads one without its end; null: it is not written as this provider's are, which is `form`.
 */
export function webhookSecrets(keyOf: (text: string) => Buffer | null, form: string) {
  return z.string().transform((text, context): WebhookSecret[] => {
    const secrets = text.split(',').map((entry) => parseSecret(entry.trim(), keyOf, form));
    const wrong = secrets.find((secret) => typeof secret === 'string');
    if (wrong !== undefined) context.addIssue({ code: 'custom', message: wrong });
    return secrets.filter((secret) => typeof secret !== 'string');
  });
}

/** The secret, or what is wrong with it, which never tells what it was. */
function parseSecret(
  entry: string,
  keyOf: (text: string) => Buffer | null,
  form: string,
): WebhookSecret | string {
  const at = entry.lastIndexOf('@');
  const key = keyOf(at < 0 ? entry : entry.slice(0, at));
  if (key === null) return `expected ${form}, with an optional @<end>`;
  if (key.length < MIN_KEY_BYTES) return `a secret has fewer than ${MIN_KEY_BYTES} bytes`;
  if (at < 0) return { key, endsAt: null };
  const endsAt = Instant.safeParse(entry.slice(at + 1));
  return endsAt.success
    ? { key, endsAt: endsAt.data }
    : "what follows a secret's last @ is not the instant at which it ends";
}

export function keysAt(now: Instant, secrets: readonly WebhookSecret[]): Buffer[] {
  return secrets.filter(({ endsAt }) => endsAt === null || now < endsAt).map(({ key }) => key);
}
