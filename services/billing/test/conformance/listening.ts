import { createHash } from 'node:crypto';
import { type Announcement, createIds, PaymentOutcome, ProviderRefund } from '@perennial/contracts';
import { migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport } from '@perennial/messaging';
import {
  type Announce,
  allMigrations,
  createHttpClient,
  type ManualClock,
  parseSettings,
  type ServiceDefinition,
  startService,
  Timeline,
} from '@perennial/service';
import { createWebhooks, WebhooksSettings, webhooksMigrations } from '@perennial/webhooks';
import { z } from 'zod';
import type { Environment } from './harness';

const SQLITE = 'sqlite::memory:';
const API_TOKENS = `ops:operator:${createHash('sha256').update('token').digest('hex')}`;
const Line = z.object({ became: z.string().optional() });

export interface Listening {
  readonly url: string;
  /** What the others were told of the provider, in order. */
  readonly told: readonly Announcement[];
  /** What became of each event that came in. */
  readonly became: readonly string[];
  outcomes(): readonly z.output<typeof PaymentOutcome.data>[];
  refunds(): readonly z.output<typeof ProviderRefund.data>[];
  stop(): Promise<void>;
}

/** The webhooks service itself, on SQLite, for the provider that this environment is of. */
export async function listenFor(env: Environment, clock: ManualClock): Promise<Listening> {
  const [told, became]: [Announcement[], string[]] = [[], []];
  const write = (line: string) => {
    const said = Line.parse(JSON.parse(line)).became;
    if (said !== undefined) became.push(said);
  };
  const logger = createLogger({ name: 'webhooks', level: 'info', destination: { write } });
  const db = await openDatabase(SQLITE);
  await migrate(db, allMigrations(webhooksMigrations));
  const [ids, http, transport] = [createIds(clock), createHttpClient(), createLocalTransport()];
  const ports = { db, clock, ids, logger, http, transport };
  const common = { DATABASE_URL: SQLITE, BROKER_URL: 'local:', API_TOKENS };
  const settings = parseSettings(WebhooksSettings, { ...common, ...env });
  const definition = overheard(createWebhooks(ports, settings), told);
  const running = await startService(definition, ports, {
    ...{ port: 0, apiTokens: settings.API_TOKENS },
    timeline: new Timeline(clock, logger),
  });
  const of = <Data extends z.ZodType>({ type, data }: { type: string; data: Data }) =>
    told.filter((one) => one.type === type).map((one) => data.parse(one.data));
  return {
    ...{ url: running.url, told, became },
    outcomes: () => of(PaymentOutcome),
    refunds: () => of(ProviderRefund),
    stop: async () => {
      await running.stop();
      http.close();
      await db.close();
    },
  };
}

function overheard(definition: ServiceDefinition, told: Announcement[]): ServiceDefinition {
  const overhear =
    (announce: Announce): Announce =>
    async (announcements, tx) => {
      told.push(...announcements);
      await announce(announcements, tx);
    };
  return {
    ...definition,
    mount: (app, announce) => definition.mount?.(app, overhear(announce)),
  };
}
