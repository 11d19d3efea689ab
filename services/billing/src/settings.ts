import { TimeOfDay, TimeZone } from '@perennial/calendar';
import { DeclineReason } from '@perennial/contracts';
import { type Adapter, commonSettings, settingsWithAdapters } from '@perennial/service';
import { z } from 'zod';
import type { ReconcileTime } from './domain/reconciled-days';
import { ownProviders } from './providers';
import type { OpenProvider } from './providers/adapter';

const Reasons = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(DeclineReason));

const OwnSettings = z.object({
  ...commonSettings,
  PORT: commonSettings.PORT.default(4002),
  BILLING_TIME_ZONE: TimeZone.default('Europe/London'),
  BILLING_CHARGE_TIME: TimeOfDay.default('06:00'),
  /** A cycle that is first found due more days late than this is waived. */
  CATCH_UP_MAX_DAYS: z.coerce.number().int().min(0).default(35),
  NON_RETRYABLE_DECLINES: Reasons.default([]),
  RUN_EVERY_MS: z.coerce.number().int().min(100).default(15_000),
  /** The local time from which the day before is compared with the providers' books. */
  RECONCILE_AT: TimeOfDay.or(z.literal('never')).default('09:00'),
  /** For one exchange with a provider, connecting included. */
  PROVIDER_TIMEOUT_MS: z.coerce.number().int().min(100).max(20_000).default(10_000),
  PROVIDER_CONNECT_TIMEOUT_MS: z.coerce.number().int().min(50).max(20_000).default(3_000),
  /** Calls under way at once, to each provider. */
  PROVIDER_CONCURRENCY: z.coerce.number().int().min(1).max(128).default(48),
});

/** With what each of these providers wants to be told. */
export function settingsFor(providers: readonly Adapter<OpenProvider>[]) {
  return settingsWithAdapters(OwnSettings, providers);
}

export const Settings = settingsFor(ownProviders);
export type Settings = z.output<typeof Settings>;

/** Null: only when somebody asks for it. */
export function reconcileTimeOf({
  BILLING_TIME_ZONE: zone,
  RECONCILE_AT: at,
}: Settings): ReconcileTime | null {
  return at === 'never' ? null : { zone, at };
}
