import { Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { Context } from '../context';
import { NOTHING_DONE, type RunCounts } from '../domain/run-counts';

export interface Run extends RunCounts {
  readonly id: string;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
}

const RunRow = z
  .object({
    id: z.string(),
    startedAt: Instant,
    finishedAt: Instant.nullable(),
    due: z.number(),
    combined: z.number(),
    sent: z.number(),
    succeeded: z.number(),
    declined: z.number(),
    pending: z.number(),
    unknownCount: z.number(),
    skipped: z.number(),
    waived: z.number(),
  })
  .transform(({ unknownCount, ...run }): Run => ({ ...run, unknown: unknownCount }));

function rowOf({ unknown, ...run }: Run) {
  return { ...run, unknownCount: unknown };
}

export async function startRun({ db, ids, clock }: Context): Promise<Run> {
  const run = { id: ids(), startedAt: clock.now(), finishedAt: null, ...NOTHING_DONE };
  await db.transaction((tx) => tx.insert('runs', [rowOf(run)]));
  return run;
}

export async function finishRun(
  { id, startedAt }: Run,
  counts: RunCounts,
  { db, clock }: Context,
): Promise<Run> {
  const run = { id, startedAt, finishedAt: clock.now(), ...counts };
  await db.transaction((tx) => tx.update('runs', ['id'], [rowOf(run)]));
  return run;
}

export async function findRun(id: string, tx: Tx): Promise<Run | null> {
  const [row] = await tx.select('SELECT * FROM runs WHERE id = :id', { id });
  return row ? RunRow.parse(row) : null;
}

/** Newest first, from `cursor` on: the id of the last one seen. */
export async function listRuns(limit: number, cursor: string, tx: Tx): Promise<Run[]> {
  const rows = await tx.select(
    'SELECT * FROM runs WHERE id < :cursor ORDER BY id DESC LIMIT :limit',
    { cursor, limit },
  );
  return rows.map((row) => RunRow.parse(row));
}
