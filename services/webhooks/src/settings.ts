import { commonSettings } from '@perennial/service';
import { z } from 'zod';
import { WebhookSecrets } from './providers/aurora/secrets';

export const Settings = z.object({
  ...commonSettings,
  PORT: commonSettings.PORT.default(4001),
  /** `whsec_<base64>`, comma-separated during a rotation, each with an optional `@<end>`. */
  AURORA_WEBHOOK_SECRETS: WebhookSecrets,
  /** `true`: what lies in quarantine is answered 200, so that Aurora does not repeat it. */
  AURORA_ACKNOWLEDGE_QUARANTINED: z.stringbool().default(false),
});
export type Settings = z.output<typeof Settings>;
