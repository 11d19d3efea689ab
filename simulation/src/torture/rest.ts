import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@perennial/database';
import { PROVIDERS, SERVICES, type ServiceName } from '../record';
import type { TortureDoor } from './door';
import type { Site } from './site';
import type { Timekeeper } from './timekeeper';

const HOUR_MS = 3_600_000;
const JUMP_MS = 6 * HOUR_MS;
const LOOK_MS = 200;
/** Whoever waits for a later moment does not get there by waiting. */
const PATIENCE_MS = 2_500;
/** Webhooks are tried for so long, and a day that was not reconciled comes up again. */
const LEAST_MS = 60 * HOUR_MS;
const SURE_AFTER = 3;

type Work = Readonly<Record<ServiceName | 'everywhere', readonly string[]>>;

/** What comes of what was just begun, each as SQL that counts it. */
const BEGUN: Work = {
  everywhere: ['SELECT COUNT(*) AS n FROM outbox'],
  billing: [
    "SELECT COUNT(*) AS n FROM attempts WHERE status = 'created'",
    'SELECT COUNT(*) AS n FROM accounts WHERE due_at <= :now',
    'SELECT COUNT(*) AS n FROM reconciliations WHERE next_action_at <= :now',
  ],
  notifications: ['SELECT COUNT(*) AS n FROM mails WHERE due_at <= :now'],
  subscriptions: [],
  webhooks: [],
};

/** What may take days, too. */
const OPEN: Work = {
  everywhere: ["SELECT COUNT(*) AS n FROM failed_messages WHERE state = 'retrying'"],
  billing: [
    "SELECT COUNT(*) AS n FROM attempts WHERE status IN ('pending', 'unknown')",
    "SELECT COUNT(*) AS n FROM refunds WHERE status = 'pending'",
    "SELECT COUNT(*) AS n FROM reconciliations WHERE status = 'running'",
    'SELECT COUNT(*) AS n FROM held_events WHERE next_try_at <= :now',
  ],
  notifications: ["SELECT COUNT(*) AS n FROM mails WHERE status = 'pending'"],
  subscriptions: [],
  webhooks: [],
};

/** Whether all that was begun is done; not where that cannot be known just now. */
export async function isCalm(site: Site): Promise<boolean> {
  const left = leftOf(BEGUN, site).catch(() => ['the database does not answer']);
  return (await left).length === 0;
}

/** Lets time pass in small jumps until nothing is left to do; answers what is left when its time is over. */
export async function comeToRest(
  site: Site,
  time: Timekeeper,
  door: TortureDoor,
  withinMs: number,
): Promise<readonly string[]> {
  const end = Date.now() + withinMs;
  const restAt = time.nowMs + LEAST_MS;
  for (;;) {
    const left = await leftAfter(site, door, Math.min(end, Date.now() + PATIENCE_MS));
    const isOver = Date.now() >= end;
    if (isOver || (left.length === 0 && time.nowMs >= restAt)) return left;
    time.jump(JUMP_MS);
    await sleep(LOOK_MS);
  }
}

/** What is left to do when nothing was left several times in a row, or that moment has come. */
async function leftAfter(site: Site, door: TortureDoor, end: number): Promise<readonly string[]> {
  for (let quiet = 0; ; ) {
    const left = await leftToDo(site, door);
    quiet = left.length === 0 ? quiet + 1 : 0;
    if (quiet >= SURE_AFTER || Date.now() >= end) return left;
    await sleep(LOOK_MS);
  }
}

async function leftToDo(site: Site, door: TortureDoor): Promise<readonly string[]> {
  const left: string[] = door.idle ? [] : ['people wait for answers'];
  left.push(...(await leftOf(BEGUN, site)), ...(await leftOf(OPEN, site)));
  const now = site.clock.now();
  for (const name of PROVIDERS) {
    const nextAt = await site.outside[name].timer.nextAt();
    if (nextAt !== null && nextAt <= now) left.push(`${name} has something to tell`);
  }
  return left;
}

async function leftOf(work: Work, { databases, clock }: Site): Promise<readonly string[]> {
  const now = clock.now();
  const left: string[] = [];
  for (const service of SERVICES) {
    for (const sql of [...work.everywhere, ...work[service]]) {
      const count = await counted(databases[service], sql, now);
      if (count > 0) left.push(`${service}: ${count} of ${sql}`);
    }
  }
  return left;
}

async function counted(db: Database, sql: string, now: string): Promise<number> {
  const [row] = await db.transaction((tx) => tx.select(sql, sql.includes(':now') ? { now } : {}));
  return Number(row?.['n'] ?? 0);
}
