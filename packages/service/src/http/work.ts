import type { Clock } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import type { Database, Tx } from '@perennial/database';
import type { Announce } from '../definition';
import { Refusal } from '../refusal';
import type { PreparedRequest, RouteAnswer } from '../route';
import type { IdempotencyKey } from './idempotency-key';
import { claimKey, type KeptAnswer, recordAnswer, releaseKey } from './store-idempotency-keys';

export interface WorkPorts {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly announce: Announce;
}

type Record = (answer: RouteAnswer, tx: Tx) => Promise<void>;

/** Does what a request asks for: effect, messages and, with a key, the record of the answer in one transaction. */
export async function work(
  prepared: PreparedRequest,
  { db, announce }: WorkPorts,
  record: Record = async () => {},
): Promise<RouteAnswer> {
  const finish = async (answer: RouteAnswer, tx: Tx) => {
    if (answer.announce?.length) await announce(answer.announce, tx);
    await record(answer, tx);
    return answer;
  };
  const { handle, perform } = prepared;
  if (handle) return db.transaction(async (tx) => finish(await handle(tx), tx));
  if (!perform) throw new Error('the route has neither handle nor perform');
  const answer = await perform();
  return db.transaction((tx) => finish(answer, tx));
}

/** The same under an Idempotency-Key: one effect, and the first answer again for every repetition. */
export async function workOnce(
  prepared: PreparedRequest,
  key: IdempotencyKey,
  ports: WorkPorts,
): Promise<RouteAnswer> {
  const { db, clock, ids } = ports;
  const holder = ids();
  const claim = await db.transaction((tx) => claimKey(key, holder, clock.now(), tx));
  if (claim.state === 'under-way') throw underWay();
  if (claim.state === 'other-request') throw keyReused();
  if (claim.state === 'answered') return answerAgain(prepared, claim.answer, ports);
  try {
    return await work(prepared, ports, async (answer, tx) => {
      const kept = keptOf(answer, prepared.replay !== undefined);
      if (!(await recordAnswer(key, holder, kept, tx))) throw underWay();
    });
  } catch (error) {
    // Where even this fails, the key frees itself after a while.
    await db.transaction((tx) => releaseKey(key, holder, tx)).catch(() => {});
    throw error;
  }
}

function keptOf(answer: RouteAnswer, replays: boolean): KeptAnswer {
  return {
    status: answer.status,
    contentType: answer.contentType ?? null,
    kept: replays ? answer.kept : answer.body,
  };
}

async function answerAgain(
  { replay }: PreparedRequest,
  { status, contentType, kept }: KeptAnswer,
  { db }: WorkPorts,
): Promise<RouteAnswer> {
  if (replay) return db.transaction((tx) => replay(kept, tx));
  return { status, body: kept, ...(contentType !== null && { contentType }) };
}

function underWay(): Refusal {
  const detail = 'A request with this Idempotency-Key is under way.';
  return new Refusal(409, 'idempotency-key-under-way', detail, [], { 'Retry-After': '1' });
}

function keyReused(): Refusal {
  const detail = 'This Idempotency-Key was used for another request.';
  return new Refusal(422, 'idempotency-key-reused', detail);
}
