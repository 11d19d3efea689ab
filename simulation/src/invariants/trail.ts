import { z } from 'zod';
import type { RunRecord, ServiceName } from '../record';

const Money = z.object({ amountMinor: z.number(), currency: z.string() });
const CycleName = z.object({ subscriptionId: z.string(), cycle: z.number() });

const Attempt = z.object({
  ...{ id: z.string(), number: z.number(), provider: z.string(), amount: Money },
  ...{ reference: z.string(), idempotencyKey: z.string(), body: z.string() },
  ...{ items: z.array(CycleName).nullable(), status: z.string() },
  ...{ nextActionAt: z.string().nullable(), startedAt: z.string(), sends: z.number() },
  ...{ lastSentAt: z.string().nullable(), settledBy: z.string().nullable() },
});
export type AttemptFacts = z.output<typeof Attempt>;

const Payment = z.object({
  ...{ id: z.string(), customerId: z.string(), billingDate: z.string(), status: z.string() },
  ...{ nextAttemptAt: z.string().nullable(), version: z.number() },
  firstReachedOn: z.string().nullable(),
  items: z.array(CycleName.extend({ status: z.string(), amount: Money })),
  attempts: z.array(Attempt),
});
export type PaymentFacts = z.output<typeof Payment>;

const Refund = z.object({
  ...{ id: z.string(), paymentId: z.string(), status: z.string(), version: z.number() },
  ...{ attemptId: z.string(), amount: Money, origin: z.string() },
  request: z.object({ reference: z.string() }).nullable(),
  ...{ nextActionAt: z.string().nullable(), createdAt: z.string() },
  ...{ delivery: z.string().nullable(), providerReference: z.string().nullable() },
});
export type RefundFacts = z.output<typeof Refund>;

const Customer = z.object({
  paymentMethod: z
    .object({ provider: z.string(), reference: z.string(), unavailable: z.string().nullable() })
    .nullable(),
});
export type CustomerFacts = z.output<typeof Customer>;

const Entry = z.object({
  ...{ position: z.number(), entityType: z.string(), entityId: z.string() },
  ...{ fromState: z.string().nullable(), toState: z.string(), facts: z.string() },
  ...{ actor: z.string(), triggerRef: z.string(), correlationId: z.string(), at: z.string() },
});
export type Entry = z.output<typeof Entry>;

export interface Told<Facts> extends Entry {
  readonly said: Facts;
}

/** What the audit entries tell, in order, by the entity that they are about. */
export interface Trail {
  readonly entries: Readonly<Record<'billing' | 'subscriptions', readonly Entry[]>>;
  readonly payments: ReadonlyMap<string, readonly Told<PaymentFacts>[]>;
  readonly refunds: ReadonlyMap<string, readonly Told<RefundFacts>[]>;
  readonly customers: ReadonlyMap<string, readonly Told<CustomerFacts>[]>;
  /** As billing knows them. */
  readonly schedules: ReadonlyMap<string, readonly Told<object>[]>;
}

export async function readTrail(record: RunRecord): Promise<Trail> {
  const billing = await entriesOf(record, 'billing');
  return {
    entries: { billing, subscriptions: await entriesOf(record, 'subscriptions') },
    payments: told(billing, 'payment', Payment),
    refunds: told(billing, 'refund', Refund),
    customers: told(billing, 'customer', Customer),
    schedules: told(billing, 'subscription', z.object({})),
  };
}

async function entriesOf(record: RunRecord, service: ServiceName): Promise<Entry[]> {
  const rows = await record.rows(
    service,
    `SELECT position, entity_type, entity_id, from_state, to_state, facts, actor, trigger_ref,
       correlation_id, at FROM audit_entries ORDER BY position`,
  );
  return z.array(Entry).parse(rows);
}

function told<Facts>(
  entries: readonly Entry[],
  type: string,
  schema: z.ZodType<Facts>,
): Map<string, Told<Facts>[]> {
  const byEntity = new Map<string, Told<Facts>[]>();
  for (const entry of entries) {
    if (entry.entityType !== type) continue;
    const known = byEntity.get(entry.entityId) ?? [];
    known.push({ ...entry, said: schema.parse(JSON.parse(entry.facts)) });
    byEntity.set(entry.entityId, known);
  }
  return byEntity;
}
