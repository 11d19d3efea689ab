import type { Tx } from '@perennial/database';
import { type RouteAnswer, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import { PersonalData, type RegisteredCustomer } from '../domain/customer';
import { Customers } from '../store/customers';
import {
  auditCustomer,
  lockUsableMethod,
  methodChanged,
  methodInput,
  methodOf,
  registered,
} from './customer-records';
import { CustomerDocument, customerDocument, Id } from './documents';

const Registration = z.strictObject({
  ...PersonalData.shape,
  title: PersonalData.shape.title.default(null),
  address: PersonalData.shape.address.default(null),
  ...methodInput,
  combineCharges: z.boolean().default(true),
});

export function registerCustomer(context: Context) {
  const { ids, keyring } = context;
  return route({
    method: 'post',
    path: '/customers',
    summary: 'Register a customer with a payment method',
    scopes: ['customers'],
    body: Registration,
    answers: { 201: CustomerDocument },
    handle: async ({ body, cause, now }, tx) => {
      await lockUsableMethod(context, body, tx);
      const customer = newCustomer(ids(), body, now);
      await new Customers(keyring, tx).insert(customer);
      await auditCustomer(null, customer, { cause, at: now, context, tx });
      const announce = [methodChanged(customer, now, cause)];
      return { ...(await answer(customer, tx)), announce, kept: { id: customer.id } };
    },
    // The answer holds personal data: of it only the id is kept with the key.
    replay: async (kept, _request, tx) =>
      answer(registered(await new Customers(keyring, tx).find(Id.parse(kept).id)), tx),
  });
}

function newCustomer(
  id: string,
  { provider, paymentMethod, combineCharges, ...personalData }: z.output<typeof Registration>,
  createdAt: RegisteredCustomer['createdAt'],
): RegisteredCustomer {
  const facts = { id, provider, paymentMethod, combineCharges, createdAt, version: 1 };
  return { ...facts, status: 'registered', personalData };
}

async function answer(customer: RegisteredCustomer, tx: Tx): Promise<RouteAnswer> {
  return { status: 201, body: customerDocument(customer, await methodOf(customer, tx)) };
}
