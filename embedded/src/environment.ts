import type { Addresses } from './addresses';
import { apiTokensOf, type Keys } from './keys';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of all services: what is given stands, what is absent gets a safe value. */
export function environmentFor(keys: Keys, addresses: Addresses, given: Environment): Environment {
  return {
    BROKER_URL: 'local:',
    API_TOKENS: apiTokensOf(keys),
    APP_ENCRYPTION_KEY: keys.encryptionKey,
    AURORA_URL: addresses.aurora.url,
    AURORA_API_KEY: keys.auroraApiKey,
    AURORA_WEBHOOK_SECRETS: keys.auroraWebhookSecret,
    BOREALIS_URL: addresses.borealis.url,
    BOREALIS_PARTNER_CODE: 'PERENNIAL',
    BOREALIS_API_SECRET: keys.borealisApiSecret,
    BOREALIS_WEBHOOK_SECRETS: keys.borealisWebhookSecret,
    PROVIDERS: 'aurora,borealis',
    CRM_URL: addresses.crm.url,
    CRM_API_KEY: keys.crmApiKey,
    SUBSCRIPTIONS_URL: addresses.subscriptions.url,
    SUBSCRIPTIONS_TOKEN: keys.contactsToken,
    ...withoutEmpty(given),
  };
}

/** One address cannot be four services' own. */
const OWN = new Set(['PORT', 'DATABASE_URL']);

function withoutEmpty(given: Environment): Environment {
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => value && !OWN.has(name)),
  );
}
