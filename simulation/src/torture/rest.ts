import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@perennial/database';
import { PROVIDERS, SERVICES, type ServiceName } from '../record';
import type { TortureDoor } from './door';
import type { Site } from './site';
import type { Timekeeper } from './timekeeper';

const HOUR_MS = 3_600_000;
const JUMP_MS = 2 * HOUR_MS;
const SETTLE_MS = 250;
/** Webhooks are tried for so long, and a day that was not reconciled comes up again. */
const LEAST_MS = 60 * HOUR_MS;
const SURE_AFTER = 4;

/** What is still to do now, each as SQL that counts it. */
const WORK: Readonly<Record<ServiceName | 'everywhere', readonly string[]>> = {
  everywhere: [
    'SELECT COUNT(*) AS n FROM outbox',
    "SELECT COUNT(*) AS n FROM failed_messages WHERE state = 'retrying'",
  ],
  billing: [
    "SELECT COUNT(*) AS n FROM attempts WHERE status IN ('created', 'pending', 'unknown')",
    "SELECT COUNT(*) AS n FROM refunds WHERE status = 'pending'",
    "SELECT COUNT(*) AS n FROM reconciliations WHERE status = 'running'",
    'SELECT COUNT(*) AS n FROM accounts WHERE due_at <= :now',
    'SELECT COUNT(*) AS n FROM held_events WHERE next_try_at <= :now',
  ],
  notifications: ['SELECT COUNT(*) AS n FROM mails WHERE due_at <= :now'],
  subscriptions: [],
  webhooks: [],
};

/**
 * Lets small jumps pass until nothing is left to do; answers what is left when its time is over.
 */
export async function comeToRest(
  site: Site,
  time: Timekeeper,
  door: TortureDoor,
  withinMs: number,
): Promise<readonly string[]> {
  const end = Date.now() + withinMs;
  const fromMs = time.nowMs;
  let left = await leftToDo(site, door);
  for (let quiet = 0; Date.now() < end; ) {
    const isEnough = time.nowMs - fromMs >= LEAST_MS;
    quiet = left.length === 0 && isEnough ? quiet + 1 : 0;
    if (quiet >= SURE_AFTER) return [];
    // Once all is quiet nothing may become due any more: time stands still while we make sure.
    if (quiet === 0) time.jump(JUMP_MS);
    await sleep(SETTLE_MS);
    left = await leftToDo(site, door);
  }
  return left;
}

async function leftToDo(site: Site, door: TortureDoor): Promise<readonly string[]> {
  const left: string[] = door.idle ? [] : ['people wait for answers'];
  const now = site.clock.now();
  for (const service of SERVICES) {
    for (const sql of [...WORK.everywhere, ...WORK[service]]) {
      const count = await counted(site.databases[service], sql, now);
      if (count > 0) left.push(`${service}: ${count} of ${sql}`);
    }
  }
  for (const name of PROVIDERS) {
    const nextAt = await site.outside[name].timer.nextAt();
    if (nextAt !== null && nextAt <= now) left.push(`${name} has something to tell`);
  }
  return left;
}

async function counted(db: Database, sql: string, now: string): Promise<number> {
  const [row] = await db.transaction((tx) => tx.select(sql, sql.includes(':now') ? { now } : {}));
  return Number(row?.['n'] ?? 0);
}
