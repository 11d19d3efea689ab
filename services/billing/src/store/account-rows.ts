import { CalendarDate, Instant, Interval } from '@perennial/calendar';
import { CardUnavailableCause } from '@perennial/contracts';
import type { Row } from '@perennial/database';
import { z } from 'zod';
import type { Customer } from '../domain/account';
import type { Discrepancy } from '../domain/discrepancy';
import { nextBillingDate, type Purchase, type Schedule } from '../domain/schedule';

export const CustomerRow = z
  .object({
    customerId: z.string(),
    provider: z.string().nullable(),
    paymentMethod: z.string().nullable(),
    unavailable: CardUnavailableCause.nullable(),
    combineCharges: z.coerce.boolean(),
    methodVersion: z.number(),
    erased: z.coerce.boolean(),
  })
  .transform(
    ({ customerId, provider, paymentMethod: reference, unavailable, ...rest }): Customer => {
      const paymentMethod =
        provider !== null && reference !== null ? { provider, reference, unavailable } : null;
      return { id: customerId, ...rest, paymentMethod };
    },
  );

export function customerRow(customer: Customer, dueAt: Instant | null): Row {
  const { paymentMethod } = customer;
  return {
    customerId: customer.id,
    provider: paymentMethod?.provider ?? null,
    paymentMethod: paymentMethod?.reference ?? null,
    unavailable: paymentMethod?.unavailable ?? null,
    combineCharges: customer.combineCharges ? 1 : 0,
    methodVersion: customer.methodVersion,
    erased: customer.erased ? 1 : 0,
    dueAt,
  };
}

const facts = {
  subscriptionId: z.string(),
  customerId: z.string(),
  cancellationOn: CalendarDate.nullable(),
  cancellationAcceptedAt: Instant.nullable(),
  noticeVersion: z.number(),
  version: z.number(),
};
const purchase = {
  productId: z.string(),
  productName: z.string(),
  quantity: z.number(),
  amountMinor: z.number(),
  currency: z.string(),
  billingInterval: Interval,
  anchorDate: CalendarDate,
  firstCycle: z.number(),
  startedAt: Instant,
  nextCycle: z.number(),
};
const end = {
  endCause: z.enum([
    'card_expired',
    'card_cancelled',
    'cancellation_due',
    'payment_exhausted',
    'customer_request',
    'customer_erased',
  ]),
  endedAt: Instant,
  skippedCycle: z.number().nullable(),
};

const PurchaseRow = z.object(purchase);
/** Reading is parsing: a row that fits no state stops here, not somewhere in the rules. */
const StoredSchedule = z.discriminatedUnion('state', [
  z.object({ state: z.literal('awaited'), ...facts }),
  z.object({ state: z.literal('live'), ...facts, ...purchase }),
  z.object({ state: z.literal('ended'), ...facts, ...end, productId: z.string().nullable() }),
]);

export function scheduleOf(raw: Record<string, unknown>): Schedule {
  const row = StoredSchedule.parse(raw);
  const common = {
    subscriptionId: row.subscriptionId,
    customerId: row.customerId,
    cancellation:
      row.cancellationOn && row.cancellationAcceptedAt
        ? { on: row.cancellationOn, acceptedAt: row.cancellationAcceptedAt }
        : null,
    noticeVersion: row.noticeVersion,
    version: row.version,
  };
  if (row.state === 'awaited') return { ...common, state: row.state };
  if (row.state === 'live') {
    return { ...common, state: row.state, purchase: purchaseOf(row), nextCycle: row.nextCycle };
  }
  const bought = row.productId === null ? null : PurchaseRow.parse(raw);
  return {
    ...common,
    state: row.state,
    purchase: bought && purchaseOf(bought),
    nextCycle: bought?.nextCycle ?? null,
    end: { cause: row.endCause, at: row.endedAt, skippedCycle: row.skippedCycle },
  };
}

function purchaseOf(row: z.output<typeof PurchaseRow>): Purchase {
  const { productId, productName, quantity, anchorDate, firstCycle, startedAt } = row;
  return {
    ...{ productId, productName, quantity, anchorDate, firstCycle, startedAt },
    amount: { amountMinor: row.amountMinor, currency: row.currency },
    interval: row.billingInterval,
  };
}

export function scheduleRow(schedule: Schedule): Row {
  const bought = schedule.state === 'awaited' ? null : schedule.purchase;
  const over = schedule.state === 'ended' ? schedule.end : null;
  return {
    subscriptionId: schedule.subscriptionId,
    customerId: schedule.customerId,
    state: schedule.state,
    productId: bought?.productId ?? null,
    productName: bought?.productName ?? null,
    quantity: bought?.quantity ?? null,
    amountMinor: bought?.amount.amountMinor ?? null,
    currency: bought?.amount.currency ?? null,
    billingInterval: bought?.interval ?? null,
    anchorDate: bought?.anchorDate ?? null,
    firstCycle: bought?.firstCycle ?? null,
    startedAt: bought?.startedAt ?? null,
    nextCycle: schedule.state === 'awaited' ? null : schedule.nextCycle,
    nextBillingDate: schedule.state === 'live' ? nextBillingDate(schedule) : null,
    cancellationOn: schedule.cancellation?.on ?? null,
    cancellationAcceptedAt: schedule.cancellation?.acceptedAt ?? null,
    noticeVersion: schedule.noticeVersion,
    endCause: over?.cause ?? null,
    endedAt: over?.at ?? null,
    skippedCycle: over?.skippedCycle ?? null,
    version: schedule.version,
  };
}

export function discrepancyRow({ details, ...discrepancy }: Discrepancy): Row {
  return { ...discrepancy, state: 'open', details: JSON.stringify(details), note: null };
}
