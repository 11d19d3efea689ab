import type { Tx } from '@perennial/database';
import { Page, page, pageOf, type RouteAnswer, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import { PersonalData } from '../domain/customer';
import { Customers } from '../store/customers';
import { methodOf, registered } from './customer-records';
import {
  AnonymousCustomer,
  anonymousDocument,
  CustomerDocument,
  customerDocument,
  Id,
} from './documents';

export function readCustomer({ keyring }: Context) {
  return route({
    method: 'get',
    path: '/customers/:id',
    summary: 'One customer; with scope `subscriptions` only, without personal data',
    scopes: ['customers', 'subscriptions'],
    params: Id,
    answers: { 200: z.union([CustomerDocument, AnonymousCustomer]) },
    handle: async ({ params, caller }, tx) => {
      const customer = registered(await new Customers(keyring, tx).find(params.id));
      const maySeeWho = caller.scopes.includes('customers');
      const document = maySeeWho ? customerDocument : anonymousDocument;
      return { status: 200, body: document(customer, await methodOf(customer, tx)) };
    },
  });
}

const Search = z.strictObject({ email: PersonalData.shape.email });

export function searchCustomers({ keyring }: Context) {
  async function search(
    { body, query }: { body: z.output<typeof Search>; query: z.output<typeof Page> },
    tx: Tx,
  ): Promise<RouteAnswer> {
    const { limit, cursor } = query;
    const customers = new Customers(keyring, tx);
    const rows = await customers.withEmail(body.email, { limit: limit + 1, cursor });
    const { data, nextCursor } = page(rows.map(registered), limit, ({ id }) => id);
    const methods = await Promise.all(data.map((customer) => methodOf(customer, tx)));
    const documents = data.map((customer, n) => customerDocument(customer, methods[n] ?? null));
    return { status: 200, body: { data: documents, nextCursor } };
  }
  return route({
    method: 'post',
    path: '/customers/search',
    summary: 'The customers with an e-mail address, which never stands in a URL',
    scopes: ['customers'],
    query: Page,
    body: Search,
    answers: { 200: pageOf(CustomerDocument) },
    handle: (request, tx) => search(request, tx),
    // What was found is personal data and not kept: asked again is searched again.
    replay: (_kept, request, tx) => search(request, tx),
  });
}

const Contact = PersonalData.pick({ title: true, firstName: true, lastName: true, email: true });

export function readContact({ keyring }: Context) {
  return route({
    method: 'get',
    path: '/contacts/:customerId',
    summary: 'Whom to write to; asked for when a mail is sent, and kept nowhere else',
    scopes: ['contacts:read'],
    params: z.object({ customerId: z.uuid() }),
    answers: { 200: Contact },
    handle: async ({ params }, tx) => {
      const customer = registered(await new Customers(keyring, tx).find(params.customerId));
      return { status: 200, body: Contact.parse(customer.personalData) };
    },
  });
}
