import { isDeepStrictEqual } from 'node:util';
import { route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import { PersonalData, type RegisteredCustomer } from '../domain/customer';
import { Customers } from '../store/customers';
import { auditCustomer, methodChanged, methodOf, registered } from './customer-records';
import { CustomerDocument, customerDocument, Id } from './documents';

const Edit = z.strictObject({ ...PersonalData.shape, combineCharges: z.boolean() }).partial();

export function changeCustomer(context: Context) {
  const { keyring } = context;
  return route({
    method: 'patch',
    path: '/customers/:id',
    summary: 'Change personal data, or whether charges of one day are combined',
    scopes: ['customers'],
    params: Id,
    body: Edit,
    answers: { 200: CustomerDocument },
    handle: async ({ params, body, cause, now }, tx) => {
      const customers = new Customers(keyring, tx);
      const before = registered(await customers.lock(params.id));
      const after = edited(before, body);
      const document = customerDocument(after, await methodOf(after, tx));
      if (after === before) return { status: 200, body: document };
      await customers.save(after);
      await auditCustomer(before.status, after, { cause, at: now, context, tx });
      const isToldOf = after.combineCharges !== before.combineCharges;
      const announce = isToldOf ? [methodChanged(after, now, cause)] : [];
      return { status: 200, body: document, announce };
    },
  });
}

/** The same customer where nothing is different. */
function edited(customer: RegisteredCustomer, edit: z.output<typeof Edit>): RegisteredCustomer {
  const { combineCharges = customer.combineCharges, ...changes } = edit;
  const personalData = PersonalData.parse({ ...customer.personalData, ...changes });
  const after = { ...customer, combineCharges, personalData };
  if (isDeepStrictEqual(after, customer)) return customer;
  return { ...after, version: customer.version + 1 };
}
