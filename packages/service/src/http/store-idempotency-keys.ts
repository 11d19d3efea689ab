import { addMs, type Instant, parseInstant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { IdempotencyKey } from './idempotency-key';

/** A repeated key gets the first answer for this long. */
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;

/** Whoever has not answered after this long counts as crashed. */
const HOLD_MS = 30_000;

export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly kept: unknown;
}

/** What became of asking for a key: it is ours to answer, or somebody was here before. */
export type Claim =
  | { readonly state: 'held' | 'under-way' | 'other-request' }
  | { readonly state: 'answered'; readonly answer: KeptAnswer };

const KeyRow = z.object({
  requestHash: z.string(),
  createdAt: z.string().transform(parseInstant),
  holder: z.string().nullable(),
  heldUntilMs: z.number().nullable(),
  status: z.number().nullable(),
  contentType: z.string().nullable(),
  kept: z.string().nullable(),
});
type KeyRow = z.output<typeof KeyRow>;

const OF_KEY = 'WHERE caller = :caller AND idempotency_key = :key';

/** Looks before it inserts: an insert would wait for whoever is at work on the same key. */
export async function claimKey(
  key: IdempotencyKey,
  holder: string,
  now: Instant,
  tx: Tx,
): Promise<Claim> {
  const nowMs = await databaseNowMs(tx);
  const found = await findKey(key, tx);
  if (found) return judge(found, key, { holder, now, nowMs }, tx);
  const row = {
    caller: key.caller,
    idempotencyKey: key.key,
    requestHash: key.requestHash,
    createdAt: now,
    holder,
    heldUntilMs: nowMs + HOLD_MS,
  };
  const inserted = await tx.insert('idempotency_keys', [row], { ignoreDuplicates: true });
  if (inserted === 1) return { state: 'held' };
  const other = await findKey(key, tx);
  return other ? judge(other, key, { holder, now, nowMs }, tx) : { state: 'under-way' };
}

interface Claimant {
  readonly holder: string;
  readonly now: Instant;
  readonly nowMs: number;
}

async function judge(row: KeyRow, key: IdempotencyKey, by: Claimant, tx: Tx): Promise<Claim> {
  const isOld = row.createdAt <= keptSince(by.now);
  if (isOld) return takeOver(row, key, by, tx);
  if (row.requestHash !== key.requestHash) return { state: 'other-request' };
  if (row.status !== null) {
    const kept: unknown = JSON.parse(row.kept ?? 'null');
    const { status, contentType } = row;
    return { state: 'answered', answer: { status, contentType, kept } };
  }
  const isAbandoned = (row.heldUntilMs ?? 0) <= by.nowMs;
  return isAbandoned ? takeOver(row, key, by, tx) : { state: 'under-way' };
}

async function takeOver(row: KeyRow, key: IdempotencyKey, by: Claimant, tx: Tx): Promise<Claim> {
  const taken = await tx.execute(
    `UPDATE idempotency_keys
     SET request_hash = :requestHash, created_at = :now, holder = :holder,
         held_until_ms = :heldUntilMs, status = NULL, content_type = NULL, kept = NULL
     ${OF_KEY} AND created_at = :createdAt AND COALESCE(holder, '') = :oldHolder`,
    {
      ...key,
      ...by,
      heldUntilMs: by.nowMs + HOLD_MS,
      createdAt: row.createdAt,
      oldHolder: row.holder ?? '',
    },
  );
  return { state: taken === 1 ? 'held' : 'under-way' };
}

/** In the transaction of the effect. False: the key was taken over meanwhile, the effect must not stand. */
export async function recordAnswer(
  key: IdempotencyKey,
  holder: string,
  { status, contentType, kept }: KeptAnswer,
  tx: Tx,
): Promise<boolean> {
  const recorded = await tx.execute(
    `UPDATE idempotency_keys
     SET holder = NULL, held_until_ms = NULL, status = :status, content_type = :contentType, kept = :kept
     ${OF_KEY} AND holder = :holder`,
    { ...key, holder, status, contentType, kept: JSON.stringify(kept ?? null) },
  );
  return recorded === 1;
}

/** After a refusal or an error: the next one with this key starts anew. */
export async function releaseKey(key: IdempotencyKey, holder: string, tx: Tx): Promise<void> {
  await tx.execute(`DELETE FROM idempotency_keys ${OF_KEY} AND holder = :holder`, {
    ...key,
    holder,
  });
}

/** When the oldest key is no longer to be kept; null when there is none. */
export async function firstKeyExpiry(tx: Tx): Promise<Instant | null> {
  const [row] = await tx.select('SELECT MIN(created_at) AS oldest FROM idempotency_keys');
  const oldest = row?.['oldest'];
  return typeof oldest === 'string' ? addMs(parseInstant(oldest), KEPT_MS) : null;
}

export async function deleteOldKeys(now: Instant, tx: Tx): Promise<void> {
  const sql = 'DELETE FROM idempotency_keys WHERE created_at <= :limit';
  await tx.execute(sql, { limit: keptSince(now) });
}

function keptSince(now: Instant): Instant {
  return addMs(now, -KEPT_MS);
}

async function findKey({ caller, key }: IdempotencyKey, tx: Tx): Promise<KeyRow | undefined> {
  const [row] = await tx.select(
    `SELECT request_hash, created_at, holder, held_until_ms, status, content_type, kept
     FROM idempotency_keys ${OF_KEY}`,
    { caller, key },
  );
  return row && KeyRow.parse(row);
}

async function databaseNowMs(tx: Tx): Promise<number> {
  const [row] = await tx.select(`SELECT ${tx.databaseNowMs} AS now_ms`);
  return z.object({ nowMs: z.number() }).parse(row).nowMs;
}
