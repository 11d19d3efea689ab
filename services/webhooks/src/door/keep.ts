import type { Announcement, Cause, Ids } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import type { Announce } from '@perennial/service';
import type { Outcome } from '../providers/provider';
import { type Holder, holdersOf, insertDeliveries } from '../store';
import { type Candidate, candidatesOf, conflicting, type Told } from './candidate';

/**
 * Stores what a request told and writes its messages, in one transaction. The unique slot decides
 * which of several copies counts, also among instances: the others wait for it and then see it.
 */
export async function keep(
  told: Told & { readonly cause: Cause },
  { ids, announce }: { readonly ids: Ids; readonly announce: Announce },
  tx: Tx,
): Promise<Outcome[]> {
  const candidates = candidatesOf(told, ids);
  const rows = candidates.map(({ row }) => row);
  const inserted = await insertDeliveries(rows, tx);
  const holders = inserted === rows.length ? rows : await holdersOf(told.provider.name, rows, tx);
  const bySlot = new Map(holders.map((holder) => [holder.slot, holder]));
  const outcomes = candidates.map((candidate) => ({
    ...candidate,
    became: fate(candidate, bySlot.get(candidate.row.slot)),
  }));

  const conflicts = outcomes.filter(({ became }) => became === 'conflict');
  await insertDeliveries(
    conflicts.map(({ row }) => conflicting(row)),
    tx,
  );
  const accepted = outcomes.filter(({ became }) => became === 'accepted');
  await announce(
    accepted.flatMap((candidate) => messageOf(candidate, told.cause)),
    tx,
  );
  return outcomes;
}

function fate({ reading, row }: Candidate, holder: Holder | undefined): Outcome['became'] {
  if (holder === undefined) throw new Error('a delivery was neither stored nor there already');
  if (reading.kind === 'unusable') return 'quarantined';
  if (holder.id !== row.id) {
    return holder.fingerprint === row.fingerprint ? 'duplicate' : 'conflict';
  }
  return reading.kind === 'usable' ? 'accepted' : 'ignored';
}

/** The message has an id that the delivery knows, so that its publishing can be marked. */
function messageOf({ reading, row }: Candidate, cause: Cause): Announcement[] {
  if (reading.kind !== 'usable' || row.messageId === null) return [];
  return [{ ...reading.announce(cause), id: row.messageId }];
}
