import type { Database } from '@perennial/database';
import type { Shop } from './shop';

type ServiceName = keyof Shop['system']['databases'];

/**
 * Carries what waits in the outbox of a service at once, while everybody else is still at what they
 * are doing. The relay will send the same again later.
 */
export async function overtake({ system, overheard }: Shop, service: ServiceName): Promise<void> {
  for (const { message_id: id, type, body } of await waitingIn(system.databases[service])) {
    const { time, correlationid: correlationId } = JSON.parse(body) as Envelope;
    const message = { id, type, time, correlationId, body, listeners: [] };
    const outcomes = await overheard.transport.publish(service, [message]);
    if (outcomes[0] !== 'sent') throw new Error(`${type}: ${outcomes[0]}`);
  }
}

interface Row {
  readonly message_id: string;
  readonly type: string;
  readonly body: string;
}

interface Envelope {
  readonly time: string;
  readonly correlationid: string;
}

async function waitingIn(db: Database): Promise<readonly Row[]> {
  const rows = await db.transaction((tx) => tx.select('SELECT * FROM outbox ORDER BY position'));
  return rows.map((row) => ({
    message_id: String(row['messageId']),
    type: String(row['type']),
    body: String(row['body']),
  }));
}
