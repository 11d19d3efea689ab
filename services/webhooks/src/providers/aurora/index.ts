import { z } from 'zod';
import { acknowledgeOne } from '../../door/acknowledge';
import { defineProvider } from '../adapter';
import { readEvent } from './read-event';
import { WebhookSecrets } from './secrets';
import { authenticate } from './signature';

const AuroraSettings = z.object({
  /** `whsec_<base64>`, comma-separated during a rotation, each with an optional `@<end>`. */
  AURORA_WEBHOOK_SECRETS: WebhookSecrets,
  /** `true`: what lies in quarantine is answered 200, so that Aurora does not repeat it. */
  AURORA_ACKNOWLEDGE_QUARANTINED: z.stringbool().default(false),
});

/** One event a request, signed by Standard Webhooks. */
export const adapter = defineProvider({
  name: 'aurora',
  enabledBy: 'AURORA_WEBHOOK_SECRETS',
  settings: AuroraSettings,
  create: (settings, { clock }) => {
    const secrets = settings.AURORA_WEBHOOK_SECRETS;
    const acknowledgeQuarantined = settings.AURORA_ACKNOWLEDGE_QUARANTINED;
    return {
      name: 'aurora',
      authenticate: (request) => authenticate(request, secrets, clock.now()),
      read: (body, webhookId) => [readEvent(body, webhookId)],
      acknowledge: ([outcome], { request }) =>
        acknowledgeOne(outcome, request, { acknowledgeQuarantined }),
    };
  },
});
