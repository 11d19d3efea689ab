import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Keys = z.object({
  /** Of whoever uses the system: all scopes. */
  token: z.string(),
  contactsToken: z.string(),
  encryptionKey: z.string(),
  auroraApiKey: z.string(),
  auroraWebhookSecret: z.string(),
  borealisApiSecret: z.string(),
  borealisWebhookSecret: z.string(),
  crmApiKey: z.string(),
});
export type Keys = z.output<typeof Keys>;

const random = (bytes: number) => randomBytes(bytes);

/** Generated once and kept in the data folder, so that a restart on it finds its keys; new ones are added. */
export function keysIn(folder: string): Keys {
  const path = join(folder, 'keys.json');
  const kept = existsSync(path) ? Keys.partial().parse(JSON.parse(readFileSync(path, 'utf8'))) : {};
  const keys: Keys = Keys.parse({ ...generated(), ...kept });
  writeFileSync(path, JSON.stringify(keys, null, 2), { mode: 0o600 });
  return keys;
}

function generated(): Keys {
  return {
    token: random(24).toString('base64url'),
    contactsToken: random(24).toString('base64url'),
    encryptionKey: random(32).toString('base64'),
    auroraApiKey: random(24).toString('base64url'),
    auroraWebhookSecret: `whsec_${random(24).toString('base64')}`,
    borealisApiSecret: random(24).toString('base64url'),
    borealisWebhookSecret: random(24).toString('base64url'),
    crmApiKey: random(24).toString('base64url'),
  };
}

const ALL_SCOPES = 'customers+subscriptions+billing:read+billing:write+operator+contacts:read';

/** Entries for API_TOKENS. */
export function apiTokensOf({ token, contactsToken }: Keys): string {
  return [
    `local:${ALL_SCOPES}:${sha256(token)}`,
    `notifications:contacts:read+subscriptions:${sha256(contactsToken)}`,
  ].join(',');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
