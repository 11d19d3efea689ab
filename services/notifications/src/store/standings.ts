import type { Tx } from '@perennial/database';
import { z } from 'zod';
import type { Standing } from '../domain/known';

interface StandingNews {
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
  const unknown = await replaceOlder([...newest.values()], tx);
  const rows = unknown.map(rowOf);
  const inserted = await tx.insert('standings', rows, { ignoreDuplicates: true });
  // Somebody else was first, and has committed by now.
  if (inserted < rows.length) await replaceOlder(unknown, tx);
}

/** Answers those of which nothing is known yet. */
async function replaceOlder(news: readonly StandingNews[], tx: Tx): Promise<StandingNews[]> {
  if (news.length === 0) return [];
  const found = await tx.select(
    `SELECT subscription_id, version FROM standings
     WHERE subscription_id IN (:subscriptionIds) ORDER BY subscription_id${tx.forUpdate}`,
    { subscriptionIds: news.map(({ subscriptionId }) => subscriptionId) },
  );
  const parsed = z.array(VersionRow).parse(found);
  const versions = new Map(parsed.map(({ subscriptionId, version }) => [subscriptionId, version]));
  const newer = news.filter(
    (one) => (versions.get(one.subscriptionId) ?? one.version) < one.version,
  );
  if (newer.length > 0) await tx.update('standings', ['subscriptionId'], newer.map(rowOf));
  return news.filter(({ subscriptionId }) => !versions.has(subscriptionId));
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
