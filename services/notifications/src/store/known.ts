import { CalendarDate } from '@perennial/calendar';
import { Money } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { Known, Standing, Uncollected } from '../domain/known';
import type { AboutToBeSent } from '../domain/truth';

/** Everything that the truth of these mails can depend on. */
export async function knownAbout(mails: readonly AboutToBeSent[], tx: Tx): Promise<Known> {
  const payments = mails.flatMap(paymentOf);
  return {
    erasedCustomers: await erasedAmong(mails, tx),
    paidPayments: await paidAmong(payments, tx),
    uncollected: await uncollectedOf(payments, tx),
    standings: await standingsOf(mails.flatMap(subscriptionsOf), tx),
  };
}

function paymentOf({ statement, entityId }: AboutToBeSent): string[] {
  if (statement.kind === 'payment_declined') return [entityId];
  if (statement.kind !== 'subscription_terminated') return [];
  return statement.data.paymentId === null ? [] : [statement.data.paymentId];
}

function subscriptionsOf({ statement }: AboutToBeSent): string[] {
  if (statement.kind === 'card_unavailable') return [statement.data.subscriptionId];
  return 'items' in statement.data
    ? statement.data.items.map(({ subscriptionId }) => subscriptionId)
    : [];
}

async function erasedAmong(mails: readonly AboutToBeSent[], tx: Tx): Promise<Set<string>> {
  const customerIds = [...new Set(mails.map(({ customerId }) => customerId))];
  if (customerIds.length === 0) return new Set();
  const rows = await tx.select(
    'SELECT customer_id FROM erased_customers WHERE customer_id IN (:customerIds)',
    { customerIds },
  );
  return new Set(rows.map((row) => z.string().parse(row['customerId'])));
}

/** A payment has succeeded when it has a receipt, sent or not. */
async function paidAmong(paymentIds: readonly string[], tx: Tx): Promise<Set<string>> {
  if (paymentIds.length === 0) return new Set();
  const rows = await tx.select(
    `SELECT entity_id FROM mails WHERE kind = 'payment_receipt' AND entity_type = 'payment'
       AND entity_id IN (:paymentIds)`,
    { paymentIds },
  );
  return new Set(rows.map((row) => z.string().parse(row['entityId'])));
}

const UncollectedRow = z
  .object({
    paymentId: z.string(),
    subscriptionId: z.string(),
    ...Money.shape,
  })
  .transform(({ amountMinor, currency, ...of }) => ({ ...of, amount: { amountMinor, currency } }));

async function uncollectedOf(paymentIds: readonly string[], tx: Tx): Promise<Uncollected[]> {
  if (paymentIds.length === 0) return [];
  const rows = await tx.select('SELECT * FROM uncollected WHERE payment_id IN (:paymentIds)', {
    paymentIds,
  });
  return z.array(UncollectedRow).parse(rows);
}

const StandingRow = z.discriminatedUnion('state', [
  z.object({ subscriptionId: z.string(), state: z.literal('going_on') }),
  z.object({
    subscriptionId: z.string(),
    state: z.literal('ending'),
    cancellationId: z.string(),
    endsOn: CalendarDate,
    byCard: z.literal([0, 1]).transform((value) => value === 1),
  }),
  z.object({ subscriptionId: z.string(), state: z.literal('ended') }),
]);

async function standingsOf(
  subscriptionIds: readonly string[],
  tx: Tx,
): Promise<Map<string, Standing>> {
  if (subscriptionIds.length === 0) return new Map();
  const rows = await tx.select(
    'SELECT * FROM standings WHERE subscription_id IN (:subscriptionIds)',
    {
      subscriptionIds,
    },
  );
  const parsed = z.array(StandingRow).parse(rows);
  return new Map(parsed.map(({ subscriptionId, ...standing }) => [subscriptionId, standing]));
}
