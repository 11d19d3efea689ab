import type { HttpClient } from '@perennial/service';
import { z } from 'zod';
import { type Contact, fullName } from '../domain/contact';
import type { MailKind } from '../domain/mail';
import type { Rendered } from '../domain/rendering';
import type { Settings } from '../settings';

const TIMEOUT_MS = 10_000;

/** What no repetition makes better: the CRM has understood the mail and does not want it. */
const REFUSALS = new Set([400, 413, 422]);

interface Post {
  readonly id: string;
  readonly kind: MailKind;
  readonly contact: Contact;
  readonly rendered: Rendered;
}

/** The mail's id is its key: sent twice, it goes out once. Throws where it is to be tried again. */
export async function postToCrm(
  { id, kind, contact, rendered }: Post,
  http: HttpClient,
  { CRM_URL, CRM_API_KEY }: Settings,
): Promise<'accepted' | 'refused'> {
  const to = { email: contact.email, name: fullName(contact) };
  const { status, body } = await http.send({
    method: 'POST',
    url: `${CRM_URL}/v1/messages`,
    headers: {
      Authorization: `Bearer ${CRM_API_KEY}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': id,
    },
    body: JSON.stringify({ to, template: kind, ...rendered, tags: [kind] }),
    timeoutMs: TIMEOUT_MS,
  });
  if (status >= 200 && status < 300 && isTaken(body)) return 'accepted';
  if (REFUSALS.has(status)) return 'refused';
  throw new Error(`the CRM answered ${status}`);
}

const Taken = z.object({ id: z.string().min(1) });

/** Only the CRM knows the mail's id there: a page that somebody on the way put in its place does not. */
function isTaken(body: string): boolean {
  try {
    return Taken.safeParse(JSON.parse(body)).success;
  } catch {
    return false;
  }
}
