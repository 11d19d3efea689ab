import { webhookSecrets } from '../webhook-secrets';

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/** As Standard Webhooks writes them. */
export const WebhookSecrets = webhookSecrets((text) => {
  const [, base64] = SECRET.exec(text) ?? [];
  return base64 === undefined ? null : Buffer.from(base64, 'base64');
}, 'whsec_<base64>');
