import { instantOfMs } from '@perennial/calendar';
import type { Database } from '@perennial/database';
import { z } from 'zod';
import { type CarriedMessage, SERVICES, type ServiceName } from '../record';

type Databases = Readonly<Record<ServiceName, Database>>;

const KEEP = [
  'CREATE TABLE kept_outbox (position BIGINT NOT NULL PRIMARY KEY, body MEDIUMTEXT NOT NULL)',
  `CREATE TRIGGER keep_outbox AFTER INSERT ON outbox FOR EACH ROW
   INSERT INTO kept_outbox (position, body) VALUES (NEW.position, NEW.body)`,
];

/** From now on what comes into an outbox is kept when it is sent. */
export async function keepPublished(db: Database): Promise<void> {
  for (const sql of KEEP) await db.transaction((tx) => tx.execute(sql));
}

const Written = z.object({ time: z.iso.datetime() });

/** All that was ever in an outbox, by the time that it says. */
export async function published(databases: Databases): Promise<readonly CarriedMessage[]> {
  const all: CarriedMessage[] = [];
  for (const from of SERVICES) {
    const sql = 'SELECT body FROM kept_outbox ORDER BY position';
    const rows = await databases[from].transaction((tx) => tx.select(sql));
    for (const row of rows) {
      const body = String(row['body']);
      const at = instantOfMs(Date.parse(Written.parse(JSON.parse(body)).time));
      all.push({ from, at, body });
    }
  }
  return all.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}
