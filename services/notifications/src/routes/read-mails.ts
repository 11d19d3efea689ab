import { notFound, Page, page, pageOf, route } from '@perennial/service';
import { z } from 'zod';
import { Mail, MailKind, MailStatus } from '../domain/mail';
import { findMail, listMails } from '../store/read-mails';

const Query = Page.extend({
  customerId: z.uuid().optional(),
  kind: MailKind.optional(),
  status: MailStatus.optional(),
});

export const readMails = route({
  method: 'get',
  path: '/mails',
  summary: 'What was written to customers, newest first, without saying who they are',
  scopes: ['operator'],
  query: Query,
  answers: { 200: pageOf(Mail) },
  handle: async ({ query: { limit, cursor, ...filter } }, tx) => {
    const rows = await listMails(filter, { limit: limit + 1, cursor }, tx);
    return { status: 200, body: page(rows, limit, ({ id }) => id) };
  },
});

export const readMail = route({
  method: 'get',
  path: '/mails/:id',
  summary: 'One mail',
  scopes: ['operator'],
  params: z.object({ id: z.uuid() }),
  answers: { 200: Mail },
  handle: async ({ params }, tx) => {
    const mail = await findMail(params.id, tx);
    if (!mail) throw notFound('mail');
    return { status: 200, body: mail };
  },
});
