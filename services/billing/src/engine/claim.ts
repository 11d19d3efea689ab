import type { Cause } from '@perennial/contracts';
import { isUnavailable, type Tx } from '@perennial/database';
import { newCause } from '@perennial/messaging';
import type { Announce } from '@perennial/service';
import { type Context, presently } from '../context';
import type { Moment } from '../domain/moment';
import { type Call, callsOf, plan } from '../domain/plan';
import { NOTHING_DONE, plannedCounts, plus, type RunCounts } from '../domain/run-counts';
import { Accounts } from '../store/accounts';
import { lockDueAccounts, postpone } from '../store/due-accounts';

export interface PlannedCall {
  readonly call: Call;
  readonly cause: Cause;
}

export interface Claimed {
  readonly accounts: number;
  readonly calls: readonly PlannedCall[];
  readonly counts: RunCounts;
}

const POSTPONED_MS = 10 * 60_000;

/**
 * Takes accounts that are due, decides what follows and commits it, before anything is sent. Replicas
 * pass over what another has locked; what is being called is not due again until its lease is over.
 */
export async function claimDue(
  provider: string,
  limit: number,
  context: Context,
  announce: Announce,
): Promise<Claimed> {
  try {
    return await context.db.transaction((tx) => claimIn(tx, provider, limit, context, announce));
  } catch (error) {
    if (isUnavailable(error)) throw error;
    if (limit > 1) return claimDue(provider, 1, context, announce);
    return setAside(provider, error, context);
  }
}

async function claimIn(
  tx: Tx,
  provider: string,
  limit: number,
  context: Context,
  announce: Announce,
): Promise<Claimed> {
  const moment = presently(context);
  const ids = await lockDueAccounts(provider, moment.now, limit, tx);
  const accounts = await Accounts.ofLocked(ids, {}, tx);
  const planned = ids.map((id) => planOne(id, accounts, moment, context));
  await announce(await accounts.save(moment, context.ids), tx);
  return {
    accounts: ids.length,
    calls: planned.flatMap(({ calls }) => calls),
    counts: planned.reduce((sum, { counts }) => plus(sum, counts), NOTHING_DONE),
  };
}

function planOne(id: string, accounts: Accounts, moment: Moment, { ids }: Context) {
  const cause = newCause('system', 'timer:run', ids);
  const before = accounts.get(id);
  const after = accounts.decide(id, cause, moment, (account) => plan(account, moment));
  const calls = callsOf(before, after).map((call) => ({ call, cause }));
  return { calls, counts: plannedCounts(before, after) };
}

/** One account that cannot be decided about must not hold up the others; it is looked at again later. */
async function setAside(
  provider: string,
  error: unknown,
  { db, clock, logger }: Context,
): Promise<Claimed> {
  const now = clock.now();
  const customerId = await db.transaction(async (tx) => {
    const [id] = await lockDueAccounts(provider, now, 1, tx);
    if (id) await postpone(id, POSTPONED_MS, now, tx);
    return id;
  });
  logger.error({ err: error, customerId }, 'an account cannot be charged; it is set aside');
  return { accounts: customerId ? 1 : 0, calls: [], counts: NOTHING_DONE };
}
