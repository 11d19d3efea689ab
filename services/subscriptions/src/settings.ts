import { TimeOfDay, TimeZone } from '@perennial/calendar';
import { ProviderName } from '@perennial/contracts';
import { commonSettings } from '@perennial/service';
import { z } from 'zod';
import { Keyring } from './keyring';

const KEY_BYTES = 32;

const list = z.string().transform((text) => text.split(',').map((part) => part.trim()));

/** Keys in base64, comma-separated; there is no default. */
const EncryptionKeys = list.transform((texts, context) => {
  const secrets = texts.map((text) => Buffer.from(text, 'base64'));
  const [first, ...others] = secrets;
  if (first && secrets.every(({ length }) => length === KEY_BYTES)) {
    return new Keyring([first, ...others]);
  }
  context.addIssue('expected keys of 32 bytes in base64, separated by commas');
  return z.NEVER;
});

export const Settings = z.object({
  ...commonSettings,
  PORT: commonSettings.PORT.default(4003),
  BILLING_TIME_ZONE: TimeZone.default('Europe/London'),
  BILLING_CHARGE_TIME: TimeOfDay.default('06:00'),
  APP_ENCRYPTION_KEY: EncryptionKeys,
  /** The registered providers: a customer can use no other. */
  PROVIDERS: list.pipe(z.array(ProviderName)).default(['aurora', 'borealis']),
});
export type Settings = z.output<typeof Settings>;
