import { createHmac } from 'node:crypto';

export interface Door {
  readonly url: string;
  /** `whsec_…`, as Aurora and webhooks share it. */
  readonly secret: string;
}

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: object;
  /** Default: `now`. */
  readonly createdAt?: string;
}

/** Sends an event as Aurora would, signed at `now`; answers the door's status. */
export async function sendEvent(door: Door, event: Event, now: string): Promise<number> {
  const { id, type, data, createdAt = now } = event;
  const body = JSON.stringify({ id, type, createdAt, livemode: false, data });
  const timestamp = String(Math.floor(Date.parse(now) / 1000));
  const key = Buffer.from(door.secret.replace('whsec_', ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${mac}`,
  };
  return (await fetch(door.url, { method: 'POST', headers, body })).status;
}
