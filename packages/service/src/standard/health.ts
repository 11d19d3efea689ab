import type { Database } from '@perennial/database';
import { z } from 'zod';
import { Refusal } from '../refusal';
import { route } from '../route';

const Up = z.object({ status: z.literal('up') });
const up = { status: 200, body: { status: 'up' } };

const ASKED_FOR_MS = 2_000;

export interface Readiness {
  readonly db: Database;
  readonly brokerIsReady: () => boolean;
  readonly isDraining: () => boolean;
}

/** Live: the process answers. Ready: database and broker do, and it is not about to stop. */
export function healthRoutes({ db, brokerIsReady, isDraining }: Readiness) {
  const scopes = [] as const;
  return [
    route({
      ...{ method: 'get', path: '/health/live', scopes, answers: { 200: Up } },
      summary: 'Whether the process answers',
      perform: async () => up,
    }),
    route({
      ...{ method: 'get', path: '/health/ready', scopes, answers: { 200: Up } },
      summary: 'Whether database and broker answer',
      perform: async () => {
        const trouble = isDraining() ? 'draining' : await troubleOf(db, brokerIsReady);
        if (trouble) throw new Refusal(503, 'not-ready', `Not ready: ${trouble}.`);
        return up;
      },
    }),
  ];
}

async function troubleOf(db: Database, brokerIsReady: () => boolean): Promise<string | null> {
  if (!brokerIsReady()) return 'the broker does not answer';
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), ASKED_FOR_MS);
  });
  try {
    await Promise.race([db.ping(), late]);
    return null;
  } catch {
    return 'the database does not answer';
  } finally {
    clearTimeout(timer);
  }
}
