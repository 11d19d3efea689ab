import { TimeOfDay, TimeZone } from '@perennial/calendar';
import { DeclineReason } from '@perennial/contracts';
import { commonSettings } from '@perennial/service';
import { z } from 'zod';

const Reasons = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(DeclineReason));

export const Settings = z.object({
  ...commonSettings,
  PORT: commonSettings.PORT.default(4002),
  BILLING_TIME_ZONE: TimeZone.default('Europe/London'),
  BILLING_CHARGE_TIME: TimeOfDay.default('06:00'),
  /** A cycle that is first found due more days late than this is waived. */
  CATCH_UP_MAX_DAYS: z.coerce.number().int().min(0).default(35),
  NON_RETRYABLE_DECLINES: Reasons.default([]),
  RUN_EVERY_MS: z.coerce.number().int().min(100).default(15_000),
  AURORA_URL: z.url(),
  AURORA_API_KEY: z.string().min(1),
  /** For one call to a provider, connecting included. */
  PROVIDER_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000).default(10_000),
});
export type Settings = z.output<typeof Settings>;
