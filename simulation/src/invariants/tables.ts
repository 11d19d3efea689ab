import { z } from 'zod';
import type { RunRecord, ServiceName } from '../record';

const text = z.string();
const maybe = z.string().nullable();
const number = z.number();
const Json = z.string().transform((body): unknown => JSON.parse(body));

const ItemNames = z.array(z.object({ subscriptionId: text, cycle: number }));
const Shares = z.array(
  z.object({ subscriptionId: text, amount: z.object({ amountMinor: number }) }),
);

const BILLING = {
  accounts: {
    ...{ customerId: text, provider: maybe, paymentMethod: maybe, unavailable: maybe },
    ...{ combineCharges: number, erased: number, dueAt: maybe },
  },
  methods: { provider: text, paymentMethod: text, cause: maybe },
  schedules: {
    ...{ subscriptionId: text, customerId: text, state: text, anchorDate: maybe },
    ...{ billingInterval: maybe, amountMinor: number.nullable(), currency: maybe },
    ...{ firstCycle: number.nullable(), nextCycle: number.nullable(), nextBillingDate: maybe },
    ...{ cancellationOn: maybe, endCause: maybe, endedAt: maybe, skippedCycle: number.nullable() },
  },
  payments: {
    ...{ id: text, customerId: text, provider: text, billingDate: text, currency: text },
    ...{ status: text, firstReachedOn: maybe, nextAttemptAt: maybe, createdAt: text },
  },
  cycles: {
    ...{ subscriptionId: text, cycle: number, customerId: text, billingDate: text },
    ...{ amountMinor: number, currency: text, status: text, paymentId: maybe, foundAt: text },
  },
  attempts: {
    ...{ id: text, paymentId: text, number, provider: text, amountMinor: number, currency: text },
    ...{ reference: text, idempotencyKey: text, body: text, status: text, nextActionAt: maybe },
    ...{ startedAt: text, providerReference: maybe, settledAt: maybe, settledBy: maybe },
    ...{ capturedMinor: number.nullable(), items: Json.pipe(ItemNames).nullable() },
  },
  captures: { attemptId: text, capturedMinor: number, refundedMinor: number },
  refunds: {
    ...{ id: text, paymentId: text, attemptId: text, provider: text, amountMinor: number },
    ...{ currency: text, origin: text, status: text, reference: maybe, createdAt: text },
    ...{ providerReference: maybe, nextActionAt: maybe, items: Json.pipe(Shares).nullable() },
  },
  discrepancies: {
    id: text,
    kind: text,
    state: text,
    paymentId: maybe,
    about: text,
    details: text,
    openedAt: text,
  },
  held_events: { id: text, type: text, provider: text, heldAt: text, waitsFor: maybe },
  reconciliations: {
    ...{ id: text, status: text, nextActionAt: maybe },
    ...{ provider: text, fromAt: text, toAt: text },
  },
} as const;

const SUBSCRIPTIONS = {
  customers: { id: text, status: text, provider: text, paymentMethod: text, personalData: maybe },
  payment_methods: { provider: text, reference: text, unavailableCause: maybe },
  subscriptions: {
    ...{ id: text, customerId: text, status: text, anchorDate: text, quantity: number },
    ...{ priceMinor: number, priceCurrency: text, billingInterval: text, requestOn: maybe },
    ...{ cardOn: maybe, cardId: maybe, paymentId: maybe, endedAt: maybe, endReason: maybe },
  },
  attempts: { attemptId: text, customerId: text, state: text },
} as const;

const WEBHOOKS = {
  deliveries: {
    id: text,
    provider: text,
    eventId: maybe,
    type: maybe,
    status: text,
    reference: maybe,
  },
} as const;

const NOTIFICATIONS = {
  mails: {
    ...{ id: text, kind: text, entityType: text, entityId: text, customerId: text, data: Json },
    ...{ status: text, attempts: number, dueAt: maybe, createdAt: text, sentAt: maybe },
    version: number,
  },
} as const;

type Shapes = Readonly<Record<string, z.ZodRawShape>>;
type Read<S extends Shapes> = {
  readonly [T in keyof S]: readonly z.output<z.ZodObject<S[T]>>[];
};

export interface Tables {
  readonly billing: Read<typeof BILLING>;
  readonly subscriptions: Read<typeof SUBSCRIPTIONS>;
  readonly webhooks: Read<typeof WEBHOOKS>;
  readonly notifications: Read<typeof NOTIFICATIONS>;
}

export type PaymentRow = Tables['billing']['payments'][number];
export type CycleRow = Tables['billing']['cycles'][number];
export type AttemptRow = Tables['billing']['attempts'][number];
export type RefundRow = Tables['billing']['refunds'][number];
export type ScheduleRow = Tables['billing']['schedules'][number];
export type SubscriptionRow = Tables['subscriptions']['subscriptions'][number];
export type MailRow = Tables['notifications']['mails'][number];

/** Each table once, and of it only the columns that are judged by. */
export async function readTables(record: RunRecord): Promise<Tables> {
  return {
    billing: await readAll(record, 'billing', BILLING),
    subscriptions: await readAll(record, 'subscriptions', SUBSCRIPTIONS),
    webhooks: await readAll(record, 'webhooks', WEBHOOKS),
    notifications: await readAll(record, 'notifications', NOTIFICATIONS),
  };
}

async function readAll<S extends Shapes>(
  record: RunRecord,
  service: ServiceName,
  shapes: S,
): Promise<Read<S>> {
  const read: Record<string, unknown> = {};
  for (const [table, shape] of Object.entries(shapes)) {
    const columns = Object.keys(shape).map(snakeCase).join(', ');
    const rows = await record.rows(service, `SELECT ${columns} FROM ${table}`);
    read[table] = z.array(z.object(shape)).parse(rows);
  }
  return read as Read<S>;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
