import { Instant } from '@perennial/calendar';
import { z } from 'zod';
import { ApiTokens } from './http/api-tokens';

/** The settings that every service has. */
export const commonSettings = {
  PORT: z.coerce.number('expected a port').int().min(0).max(65_535),
  DATABASE_URL: z.string().regex(/^(mysql:\/\/|sqlite:)./, 'expected mysql://… or sqlite:…'),
  BROKER_URL: z.string().regex(/^(amqps?:\/\/.|local:$)/, 'expected amqp://… or local:'),
  CLOCK: z.enum(['system', 'manual']).default('system'),
  CLOCK_START: Instant.optional(),
  API_TOKENS: ApiTokens,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
} satisfies z.ZodRawShape;

export type CommonSettings = z.output<z.ZodObject<typeof commonSettings>>;

/** Names every setting that is wrong or missing, never its value: settings hold secrets. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';

  constructor(readonly problems: readonly string[]) {
    super(`${problems.length} wrong or missing in the settings:\n  ${problems.join('\n  ')}`);
  }
}

/** Reads all settings at once. An empty one counts as absent, as in `.env` files. */
export function parseSettings<Settings>(
  schema: z.ZodType<Settings>,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? 'settings');
    return given[name] === undefined ? `${name}: is missing` : `${name}: ${issue.message}`;
  });
  throw new SettingsError([...new Set(problems)]);
}
