import { route } from '@perennial/service';
import { z } from 'zod';
import { render } from '../domain/rendering';
import { Statement } from '../domain/statement';

/** Nobody: a preview needs a name, and no customer's. */
const SOMEBODY = { title: 'Dr', firstName: 'Alex', lastName: 'Example', email: 'alex@example.org' };

export const previewMail = route({
  method: 'post',
  path: '/mails/preview',
  summary: 'How a mail would read, written to nobody',
  scopes: ['operator'],
  body: Statement,
  answers: { 200: z.object({ subject: z.string(), text: z.string(), html: z.string() }) },
  handle: async ({ body }) => ({ status: 200, body: render(body, SOMEBODY) }),
});
