import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { Standing } from '../domain/known';

export interface StandingNews {
  readonly subscriptionId: string;
  readonly version: number;
  readonly standing: Standing;
}

const VersionRow = z.object({ subscriptionId: z.string(), version: z.number() });

/** Messages come in any order: of each subscription the highest version stays. */
export async function keepNewestStandings(news: readonly StandingNews[], tx: Tx): Promise<void> {
  const newest = new Map<string, StandingNews>();
  for (const one of news) {
    const known = newest.get(one.subscriptionId);
    if (!known || known.version < one.version) newest.set(one.subscriptionId, one);
  }
  const rows = [...newest.values()].map(rowOf);
  const inserted = await tx.insert('standings', rows, { ignoreDuplicates: true });
  if (inserted === rows.length) return;
  const known = await tx.select(
    `SELECT subscription_id, version FROM standings
     WHERE subscription_id IN (:subscriptionIds)${tx.forUpdate}`,
    { subscriptionIds: [...newest.keys()] },
  );
  const older = z
    .array(VersionRow)
    .parse(known)
    .flatMap(({ subscriptionId, version }) => {
      const one = newest.get(subscriptionId);
      return one && version < one.version ? [rowOf(one)] : [];
    });
  if (older.length > 0) await tx.update('standings', ['subscriptionId'], older);
}

function rowOf({ subscriptionId, version, standing }: StandingNews) {
  const ending = standing.state === 'ending' ? standing : null;
  return {
    ...{ subscriptionId, version, state: standing.state },
    cancellationId: ending?.cancellationId ?? null,
    endsOn: ending?.endsOn ?? null,
    byCard: ending === null ? null : Number(ending.byCard),
  };
}
