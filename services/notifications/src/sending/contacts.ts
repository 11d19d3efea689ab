import type { HttpClient } from '@perennial/service';
import { Contact } from '../domain/contact';
import type { Settings } from '../settings';

const TIMEOUT_MS = 10_000;

/** Asks subscriptions whom to write to. Throws where there is no answer that can be used. */
export async function contactOf(
  customerId: string,
  http: HttpClient,
  { SUBSCRIPTIONS_URL, SUBSCRIPTIONS_TOKEN }: Settings,
): Promise<Contact> {
  const { status, body } = await http.send({
    method: 'GET',
    url: `${SUBSCRIPTIONS_URL}/contacts/${customerId}`,
    headers: { Authorization: `Bearer ${SUBSCRIPTIONS_TOKEN}` },
    timeoutMs: TIMEOUT_MS,
  });
  if (status !== 200) throw new Error(`subscriptions answered ${status} when asked for a contact`);
  return Contact.parse(JSON.parse(body));
}
