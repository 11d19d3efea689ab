import {
  BillingSettings,
  billingMigrations,
  createBilling,
  DiscrepancyModel,
} from '@perennial/billing';
import { addMs, type CalendarDate, type Instant, parseInstant } from '@perennial/calendar';
import {
  createIds,
  type Ids,
  messages,
  PaymentMethodChanged,
  SubscriptionStarted,
} from '@perennial/contracts';
import { type Database, migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport, newCause, type Transport } from '@perennial/messaging';
import {
  allMigrations,
  createHttpClient,
  ManualClock,
  parseSettings,
  startService,
  Timeline,
} from '@perennial/service';
import { createAurora, createBorealis, type LedgerCharge } from '@perennial/simulators';
import { Gate } from './gate';
import type { ProviderName } from './provider-side';

const SECRET = 'x'.repeat(32);
const NOBODY = { url: 'http://127.0.0.1:9/nobody', secret: `whsec_${btoa(SECRET)}` };

/** Billing in memory with many customers and one provider behind a gate; time is moved by hand. */
export interface BillingAlone {
  readonly clock: ManualClock;
  readonly db: Database;
  readonly line: Gate;
  /** What billing has told the others, by type. */
  readonly told: Map<string, number>;
  /** Customers with one monthly subscription each, bought on that day. */
  register(customers: number, anchor: CalendarDate): Promise<void>;
  /** By way of every instant at which something falls due. */
  until(instant: string): Promise<void>;
  /** Jumps on by so much, and does then what has fallen due. */
  tick(ms: number): Promise<void>;
  charges(): readonly LedgerCharge[];
  select(sql: string): Promise<readonly object[]>;
  stop(): Promise<void>;
}

export async function openBillingAlone(
  provider: ProviderName,
  now: string,
  callsPerSecond: number,
): Promise<BillingAlone> {
  const clock = new ManualClock(parseInstant(now));
  const simulated = simulate(provider, clock, callsPerSecond);
  const line = await Gate.open(await simulated.listen(0), () => clock.now());
  const settings = parseSettings(BillingSettings, {
    ...{ DATABASE_URL: 'sqlite::memory:', BROKER_URL: 'local:', RECONCILE_AT: 'never' },
    API_TOKENS: `test:operator:${'0'.repeat(64)}`,
    ...(provider === 'aurora'
      ? { AURORA_URL: line.url, AURORA_API_KEY: SECRET }
      : { BOREALIS_URL: line.url, BOREALIS_PARTNER_CODE: 'P', BOREALIS_API_SECRET: SECRET }),
    BOREALIS_CALLS_PER_SECOND: String(callsPerSecond),
  });
  const db = await openDatabase('sqlite::memory:', { models: [DiscrepancyModel] });
  await migrate(db, allMigrations(billingMigrations));
  const logger = createLogger({ name: 'billing', level: 'silent' });
  const [ids, http, transport] = [createIds(clock), createHttpClient(), createLocalTransport()];
  const told = await overhear(transport);
  const ports = { db, clock, ids, logger, http, transport };
  const timeline = new Timeline(clock, logger);
  const options = { port: 0, apiTokens: settings.API_TOKENS, timeline };
  const running = await startService(createBilling(ports, settings), ports, options);
  return {
    ...{ clock, db, line, told },
    register: (customers, anchor) =>
      register({ transport, ids, now: clock.now(), provider }, customers, anchor),
    until: (instant) => timeline.advance(parseInstant(instant)),
    tick: async (ms) => {
      await clock.set(addMs(clock.now(), ms));
      await timeline.settle();
    },
    charges: () => simulated.ledger().charges,
    select: (sql) => db.transaction((tx) => tx.select(sql)),
    stop: async () => {
      await running.stop();
      await timeline.stop();
      http.close();
      await db.close();
      await line.close();
      await simulated.stop();
    },
  };
}

/** Aurora has no rate. */
function simulate(provider: ProviderName, clock: ManualClock, callsPerSecond: number) {
  return provider === 'aurora'
    ? createAurora({ clock, apiKey: SECRET, webhook: NOBODY })
    : createBorealis({
        clock,
        callsPerSecond,
        partnerCode: 'P',
        apiSecret: SECRET,
        webhook: NOBODY,
      });
}

async function overhear(transport: Transport): Promise<Map<string, number>> {
  const told = new Map<string, number>();
  const all = messages.filter(({ owner }) => owner === 'billing');
  const count = async (bodies: readonly Buffer[]) => {
    for (const body of bodies) {
      const { type } = JSON.parse(body.toString()) as { readonly type: string };
      told.set(type, (told.get(type) ?? 0) + 1);
    }
  };
  const [batchSize, nothing] = [500, async () => undefined];
  await transport.subscribe({ service: 'subscriptions', messages: all, batchSize, take: count });
  await transport.subscribe({ service: 'notifications', messages: [], batchSize, take: nothing });
  return told;
}

interface Registering {
  readonly transport: Transport;
  readonly ids: Ids;
  readonly now: Instant;
  readonly provider: ProviderName;
}

async function register(
  { transport, ids, now, provider }: Registering,
  customers: number,
  anchor: CalendarDate,
): Promise<void> {
  const cause = newCause('system', 'timer:test', ids);
  const prefix = provider === 'aurora' ? 'pm' : 'ct';
  const all = Array.from({ length: customers }, () => ids());
  const methods = all.map((customerId) => {
    const paymentMethod = `${prefix}_no_webhook_${customerId.replaceAll('-', '')}`;
    const facts = { customerId, provider, paymentMethod, combineCharges: true, changedAt: now };
    return PaymentMethodChanged.of(customerId, 1, facts, cause);
  });
  const orders = all.map((customerId) => {
    const subscriptionId = ids();
    const product = { productId: ids(), productName: 'Coffee', quantity: 1 };
    const price = { amountMinor: 1250, currency: 'GBP' };
    const dates = { anchorDate: anchor, registeredOn: anchor, startedAt: now };
    const rhythm = { interval: 'monthly', firstCharge: 'anniversary' } as const;
    const facts = { subscriptionId, customerId, ...product, price, ...rhythm, ...dates };
    return SubscriptionStarted.of(subscriptionId, 1, facts, cause);
  });
  for (const announcements of [methods, orders]) {
    const carried = announcements.map(({ type, subject, version, data }) => {
      const [id, correlationId] = [ids(), cause.correlationId];
      const body = JSON.stringify({
        ...{ specversion: '1.0', id, source: '/services/test', type, subject, data, time: now },
        ...{ datacontenttype: 'application/json', aggregateversion: version, causationid: null },
        ...{ correlationid: correlationId, traceparent: cause.traceparent },
      });
      return { id, type, time: now, correlationId, body, listeners: ['billing' as const] };
    });
    const outcomes = await transport.publish('subscriptions', carried);
    if (outcomes.some((outcome) => outcome !== 'sent')) throw new Error('not all got through');
  }
}
