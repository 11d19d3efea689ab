import type { Json, Shop } from './shop';

export interface Answered {
  readonly status: number;
  readonly body: Json;
}

/** A command with an idempotency key of the test's own; whatever is answered. Nothing else is done that is due. */
export async function command(
  { addresses, keys }: Shop,
  service: 'billing' | 'subscriptions',
  path: string,
  body: object,
  key: string,
): Promise<Answered> {
  const headers = {
    Authorization: `Bearer ${keys.token}`,
    'Content-Type': 'application/json',
    'Idempotency-Key': key,
  };
  const request = { method: 'POST', headers, body: JSON.stringify(body) };
  const answer = await fetch(addresses[service].url + path, request);
  return { status: answer.status, body: await answer.json() };
}
