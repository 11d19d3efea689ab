import { CustomerErased } from '@perennial/contracts';
import { notFound, route } from '@perennial/service';
import { z } from 'zod';
import { Changes } from '../changes';
import type { Context } from '../context';
import { erased } from '../domain/customer';
import { cancelledNow } from '../domain/end';
import { Customers } from '../store/customers';
import { lockLiveSubscriptionsOf } from '../store/subscriptions';
import { auditCustomer } from './customer-records';
import { Id } from './documents';

/**
 * Erasure: every live subscription is cancelled now, and the person is gone from the row. Repeated, it
 * answers the same. Billing rules: "Cancelling".
 */
export function eraseCustomer(context: Context) {
  const { ids, keyring } = context;
  return route({
    method: 'delete',
    path: '/customers/:id',
    summary: 'Erase a customer’s personal data and cancel everything they have, now',
    scopes: ['customers'],
    params: Id,
    answers: { 204: z.null() },
    handle: async ({ params, cause, now }, tx) => {
      const customers = new Customers(keyring, tx);
      const customer = await customers.lock(params.id);
      if (!customer) throw notFound('customer');
      if (customer.status === 'erased') return { status: 204 };
      const locked = await lockLiveSubscriptionsOf([customer.id], tx);
      const changes = new Changes(locked);
      for (const { id } of locked) {
        changes.apply(id, (live) => cancelledNow(live, 'customer_erased', now), cause, now);
      }
      const after = erased(customer, now);
      await customers.save(after);
      await auditCustomer(customer.status, after, { cause, at: now, context, tx });
      const data = { customerId: customer.id, erasedAt: now };
      const told = CustomerErased.of(customer.id, after.version, data, cause);
      return { status: 204, announce: [...(await changes.save(tx, ids)), told] };
    },
  });
}
