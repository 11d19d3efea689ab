import { createHash } from 'node:crypto';
import type { Environment } from './service-definitions';

const TOKEN = 'torture';
const CONTACTS_TOKEN = 'torture-contacts';
const ALL_SCOPES = 'customers+subscriptions+billing:read+billing:write+operator+contacts:read';

/** Nobody but simulated and tortured processes ever sees these. */
export const KEYS = {
  token: TOKEN,
  auroraApiKey: 'aurora-key',
  auroraWebhookSecret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
  borealisPartnerCode: 'PERENNIAL',
  borealisApiSecret: 'borealis-api-secret-of-the-torture',
  borealisWebhookSecret: 'borealis-webhook-secret-of-the-torture',
  crmApiKey: 'crm-key',
} as const;

export interface Addresses {
  readonly aurora: string;
  readonly borealis: string;
  readonly crm: string;
  readonly subscriptions: string;
}

/** As in production with two replicas each, but that due work is looked for more often. */
export function environmentOf(addresses: Addresses, clockFile: string): Environment {
  return {
    CLOCK_FILE: clockFile,
    LOG_LEVEL: 'info',
    API_TOKENS: [
      `torture:${ALL_SCOPES}:${sha256(TOKEN)}`,
      `notifications:contacts:read+subscriptions:${sha256(CONTACTS_TOKEN)}`,
    ].join(','),
    APP_ENCRYPTION_KEY: Buffer.alloc(32, 3).toString('base64'),
    AURORA_URL: addresses.aurora,
    AURORA_API_KEY: KEYS.auroraApiKey,
    AURORA_WEBHOOK_SECRETS: KEYS.auroraWebhookSecret,
    BOREALIS_URL: addresses.borealis,
    BOREALIS_PARTNER_CODE: KEYS.borealisPartnerCode,
    BOREALIS_API_SECRET: KEYS.borealisApiSecret,
    BOREALIS_WEBHOOK_SECRETS: KEYS.borealisWebhookSecret,
    BOREALIS_CALLS_PER_SECOND: '5',
    PROVIDERS: 'aurora,borealis',
    PROVIDER_TIMEOUT_MS: '1000',
    PROVIDER_CONNECT_TIMEOUT_MS: '500',
    RUN_EVERY_MS: '400',
    CRM_URL: addresses.crm,
    CRM_API_KEY: KEYS.crmApiKey,
    SUBSCRIPTIONS_URL: addresses.subscriptions,
    SUBSCRIPTIONS_TOKEN: CONTACTS_TOKEN,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
