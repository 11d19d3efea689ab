import { addMonths, localDate, parseInstant } from '@perennial/calendar';
import {
  type Envelope,
  type Ids,
  PaymentMethodChanged,
  SubscriptionStarted,
} from '@perennial/contracts';
import type { Database } from '@perennial/database';
import type { ServiceDefinition } from '@perennial/service';

const PER_BATCH = 500;

/** Customers with one monthly subscription each, bought a month ago: all of them are due today. */
export async function registerDueCustomers(
  count: number,
  definition: ServiceDefinition,
  db: Database,
  ids: Ids,
  now: string,
  tokenOf: (number: number) => string = (number) => `pm_ok_${number}`,
): Promise<void> {
  for (let first = 0; first < count; first += PER_BATCH) {
    const numbers = Array.from({ length: Math.min(PER_BATCH, count - first) }, (_, n) => first + n);
    const customers = numbers.map((number) => ({ number, customerId: ids() }));
    const methods = customers.map(({ number, customerId }) =>
      envelope(ids, now, PaymentMethodChanged.type, customerId, {
        ...{ customerId, provider: 'aurora', paymentMethod: tokenOf(number) },
        ...{ combineCharges: true, changedAt: now },
      }),
    );
    const orders = customers.map(({ customerId }) => order(ids, now, customerId));
    await deliver(definition, db, PaymentMethodChanged.type, methods);
    await deliver(definition, db, SubscriptionStarted.type, orders);
  }
}

function order(ids: Ids, now: string, customerId: string): Envelope {
  const today = localDate(parseInstant(now), 'Europe/London');
  const bought = addMonths(today, -1);
  const subscriptionId = ids();
  return envelope(ids, now, SubscriptionStarted.type, subscriptionId, {
    ...{ subscriptionId, customerId, productId: ids(), productName: 'Balm', quantity: 1 },
    ...{ price: { amountMinor: 1250, currency: 'GBP' }, interval: 'monthly' },
    ...{ anchorDate: bought, firstCharge: 'anniversary', registeredOn: bought, startedAt: now },
  });
}

function envelope(ids: Ids, now: string, type: string, subject: string, data: object): Envelope {
  return {
    ...{
      specversion: '1.0',
      id: ids(),
      source: '/services/subscriptions',
      type,
      time: now,
      subject,
    },
    ...{ datacontenttype: 'application/json', data, aggregateversion: 1, correlationid: ids() },
    causationid: null,
    traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`,
  } as Envelope;
}

async function deliver(
  definition: ServiceDefinition,
  db: Database,
  type: string,
  messages: readonly Envelope[],
): Promise<void> {
  const handler = definition.messages.find((one) => one.definition.type === type);
  await db.transaction(async (tx) => {
    await handler?.run(messages, tx);
  });
}
