import { writeAudit } from '@perennial/audit';
import { FirstCharge, Instant, Interval, localDate } from '@perennial/calendar';
import { type Announcement, type Cause, SubscriptionStarted } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { type FieldError, invalid, route } from '@perennial/service';
import { z } from 'zod';
import { auditOf } from '../changes';
import { type Context, presently } from '../context';
import { type Active, started } from '../domain/subscription';
import { Customers } from '../store/customers';
import { findProduct, type Product } from '../store/products';
import { insertSubscription } from '../store/subscriptions';
import { methodOf } from './customer-records';
import { SubscriptionDocument, subscriptionDocument } from './documents';

const Order = z.strictObject({
  customerId: z.uuid(),
  productId: z.uuid(),
  quantity: z.int().positive(),
  interval: Interval,
  purchasedAt: Instant.optional(),
  firstCharge: FirstCharge.default('anniversary'),
});
type Order = z.output<typeof Order>;

export function startSubscription(context: Context) {
  const { ids, time } = context;
  return route({
    method: 'post',
    path: '/subscriptions',
    summary:
      'Start a subscription, at the price of today; an import keeps its older day of purchase',
    scopes: ['subscriptions'],
    idempotencyKey: 'required',
    body: Order,
    answers: { 201: SubscriptionDocument },
    handle: async ({ body, cause, now }, tx) => {
      const [customerErrors, product] = [
        await customerErrorsOf(body, context, tx),
        await findProduct(body.productId, tx),
      ];
      const errors = [...customerErrors, ...orderErrors(body, product, now)];
      if (errors.length > 0 || !product) throw invalid(errors);
      const { customerId, quantity, interval, firstCharge, purchasedAt = now } = body;
      const subscription = started({
        ...{ id: ids(), customerId, quantity, interval, firstCharge, createdAt: now, version: 1 },
        productId: product.id,
        productName: product.name,
        price: product.unitPrice,
        anchorDate: localDate(purchasedAt, time.zone),
        registeredOn: localDate(now, time.zone),
      });
      await insertSubscription(subscription, tx);
      await writeAudit([auditOf(null, subscription, cause, now)], tx, ids);
      const document = subscriptionDocument(subscription, presently(context, now));
      return { status: 201, body: document, announce: [startedNews(subscription, cause)] };
    },
  });
}

/** Locks the customer: word of a lost card comes before this subscription, or finds it. */
async function customerErrorsOf(
  { customerId }: Order,
  { keyring }: Context,
  tx: Tx,
): Promise<FieldError[]> {
  const pointer = '/customerId';
  const customer = await new Customers(keyring, tx).lock(customerId);
  if (customer?.status !== 'registered') {
    return [{ pointer, code: 'unknown-customer', message: 'There is no such customer.' }];
  }
  const method = await methodOf(customer, tx);
  if (!method?.unavailable) return [];
  const message = 'The customer’s payment method is unavailable; replace it first.';
  return [{ pointer, code: 'payment-method-unavailable', message }];
}

function orderErrors(order: Order, product: Product | null, now: Instant): FieldError[] {
  const errors: FieldError[] = [];
  const { quantity, purchasedAt = now } = order;
  if (!product) {
    const message = 'There is no such product.';
    errors.push({ pointer: '/productId', code: 'unknown-product', message });
  } else if (!Number.isSafeInteger(quantity * product.unitPrice.amountMinor)) {
    const message = 'Price × quantity is more than an amount can be.';
    errors.push({ pointer: '/quantity', code: 'amount-too-big', message });
  }
  if (purchasedAt > now) {
    const message = 'A purchase cannot be in the future.';
    errors.push({ pointer: '/purchasedAt', code: 'in-the-future', message });
  }
  return errors;
}

function startedNews(subscription: Active, cause: Cause): Announcement {
  const { id, customerId, productId, productName, quantity, price, interval } = subscription;
  const { anchorDate, firstCharge, registeredOn, createdAt: startedAt, version } = subscription;
  const data = {
    ...{ subscriptionId: id, customerId, productId, productName, quantity, price, interval },
    ...{ anchorDate, firstCharge, registeredOn, startedAt },
  };
  return SubscriptionStarted.of(id, version, data, cause);
}
