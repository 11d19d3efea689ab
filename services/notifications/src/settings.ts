import { TimeOfDay, TimeZone } from '@perennial/calendar';
import { commonSettings } from '@perennial/service';
import { z } from 'zod';

const Address = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));

export const Settings = z.object({
  ...commonSettings,
  PORT: commonSettings.PORT.default(4004),
  BILLING_TIME_ZONE: TimeZone.default('Europe/London'),
  BILLING_CHARGE_TIME: TimeOfDay.default('06:00'),
  RUN_EVERY_MS: z.coerce.number().int().min(100).default(15_000),
  CRM_URL: Address,
  CRM_API_KEY: z.string().min(1),
  SUBSCRIPTIONS_URL: Address,
  /** A token with the scope `contacts:read`. */
  SUBSCRIPTIONS_TOKEN: z.string().min(1),
});
export type Settings = z.output<typeof Settings>;
