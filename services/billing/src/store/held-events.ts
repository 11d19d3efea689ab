import { addMs, Instant, msOf } from '@perennial/calendar';
import { Envelope } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { z } from 'zod';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Each after the one before; the last repeats. */
const WAITS = [MINUTE, 10 * MINUTE, HOUR, 6 * HOUR];
/** After a day without a match a person has to look. */
const HELD_FOR_MS = 24 * HOUR;

export interface HeldEvent {
  readonly id: string;
  readonly message: Envelope;
  readonly heldAt: Instant;
  readonly tries: number;
}

const HeldRow = z
  .object({ id: z.string(), message: z.string(), heldAt: Instant, tries: z.number() })
  .transform(
    ({ message, ...row }): HeldEvent => ({ ...row, message: Envelope.parse(JSON.parse(message)) }),
  );

/** Keeps events about something that is not known here yet; `waitsFor` says by which reference it will be. */
export async function hold<Data extends { readonly provider: string }>(
  messages: readonly Envelope<Data>[],
  waitsFor: (data: Data) => string,
  now: Instant,
  tx: Tx,
): Promise<void> {
  const rows = messages.map((message) => ({
    id: message.id,
    type: message.type,
    message: JSON.stringify(message),
    provider: message.data.provider,
    waitsFor: waitsFor(message.data),
    heldAt: now,
    tries: 0,
    nextTryAt: addMs(now, waitMs(0)),
  }));
  await tx.insert('held_events', rows, { ignoreDuplicates: true });
}

/** What waits for one of these charges is tried at once, no longer when its time has come. */
export async function wakeEvents(
  charges: readonly { readonly provider: string; readonly providerReference: string | null }[],
  now: Instant,
  tx: Tx,
): Promise<void> {
  const known = charges.filter(({ providerReference }) => providerReference !== null);
  if (known.length === 0) return;
  // Read without locks, and changed by their ids: nobody who holds events waits for this.
  const rows = await tx.select(
    'SELECT id FROM held_events WHERE provider IN (:providers) AND waits_for IN (:references)',
    {
      providers: [...new Set(known.map(({ provider }) => provider))],
      references: known.map(({ providerReference }) => providerReference),
    },
  );
  const woken = rows.map(({ id }) => ({ id: String(id), nextTryAt: now }));
  await tx.update('held_events', ['id'], woken);
}

export async function lockDueEvents(now: Instant, limit: number, tx: Tx): Promise<HeldEvent[]> {
  const rows = await tx.select(
    `SELECT id, message, held_at, tries FROM held_events WHERE next_try_at <= :now
     ORDER BY next_try_at LIMIT :limit${tx.forUpdateSkipLocked}`,
    { now, limit },
  );
  return rows.map((row) => HeldRow.parse(row));
}

export async function nextHeldAt(tx: Tx): Promise<Instant | null> {
  const [row] = await tx.select(
    `SELECT next_try_at FROM held_events WHERE next_try_at IS NOT NULL
     ORDER BY next_try_at LIMIT 1`,
  );
  return row ? Instant.parse(row['nextTryAt']) : null;
}

export function isTooOld({ heldAt }: HeldEvent, now: Instant): boolean {
  return msOf(now) - msOf(heldAt) >= HELD_FOR_MS;
}

export async function release(ids: readonly string[], tx: Tx): Promise<void> {
  if (ids.length === 0) return;
  await tx.execute('DELETE FROM held_events WHERE id IN (:ids)', { ids });
}

export async function keepHolding(
  events: readonly HeldEvent[],
  now: Instant,
  tx: Tx,
): Promise<void> {
  const rows = events.map(({ id, tries, heldAt }) => {
    const end = addMs(heldAt, HELD_FOR_MS);
    const next = addMs(now, waitMs(tries + 1));
    return { id, tries: tries + 1, nextTryAt: next < end ? next : end };
  });
  await tx.update('held_events', ['id'], rows);
}

function waitMs(tries: number): number {
  return WAITS[Math.min(tries, WAITS.length - 1)] ?? HOUR;
}
