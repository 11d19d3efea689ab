import { type Announcement } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { Refusal, type RouteRequest, route } from '@perennial/service';
import { z } from 'zod';
import { Changes } from '../changes';
import type { Context } from '../context';
import { cardReplaced } from '../domain/cancellation';
import type { RegisteredCustomer } from '../domain/customer';
import { hasUnresolvedAttempt } from '../store/attempts';
import { Customers } from '../store/customers';
import { lockLiveSubscriptionsOf } from '../store/subscriptions';
import {
  auditCustomer,
  lockUsableMethod,
  methodChanged,
  methodInput,
  methodOf,
  registered,
} from './customer-records';
import { CustomerDocument, customerDocument, Id } from './documents';

/**
 * Another card, at another provider perhaps. Revokes every cancellation that the old card had caused.
 * Billing rules: "Provider events", `card-unavailable`, and "Providers".
 */
export function replacePaymentMethod(context: Context) {
  const { keyring } = context;
  return route({
    method: 'put',
    path: '/customers/:id/payment-method',
    summary: 'Replace the payment method',
    scopes: ['customers'],
    params: Id,
    body: z.strictObject(methodInput),
    answers: { 200: CustomerDocument },
    handle: async ({ params, body, cause, now }, tx) => {
      const customers = new Customers(keyring, tx);
      registered(await customers.find(params.id));
      await lockUsableMethod(context, body, tx);
      const before = registered(await customers.lock(params.id));
      const isSame =
        before.provider === body.provider && before.paymentMethod === body.paymentMethod;
      const after = isSame ? before : { ...before, ...body, version: before.version + 1 };
      const answer = { status: 200, body: customerDocument(after, await methodOf(after, tx)) };
      if (isSame) return answer;
      if (before.provider !== after.provider) await refuseWhileUnresolved(before, tx);
      await customers.save(after);
      await auditCustomer(before.status, after, { cause, at: now, context, tx });
      const revoked = await revoke(context, after, { cause, now }, tx);
      return { ...answer, announce: [methodChanged(after, now, cause), ...revoked] };
    },
  });
}

async function refuseWhileUnresolved({ id }: RegisteredCustomer, tx: Tx): Promise<void> {
  if (!(await hasUnresolvedAttempt(id, tx))) return;
  const detail = 'The provider cannot be switched while the outcome of a charge there is open.';
  throw new Refusal(409, 'attempt-unresolved', detail);
}

async function revoke(
  { ids }: Context,
  { id: customerId }: RegisteredCustomer,
  { cause, now }: Pick<RouteRequest, 'cause' | 'now'>,
  tx: Tx,
): Promise<readonly Announcement[]> {
  const locked = await lockLiveSubscriptionsOf([customerId], tx);
  const changes = new Changes(locked);
  for (const { id } of locked) changes.apply(id, cardReplaced, cause, now);
  return changes.save(tx, ids);
}
