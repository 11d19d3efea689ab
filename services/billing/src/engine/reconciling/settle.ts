import type { Announcement } from '@perennial/contracts';
import { isUnavailable, type Tx } from '@perennial/database';
import type { Announce } from '@perennial/service';
import { type Context, presently } from '../../context';
import type { Account } from '../../domain/account';
import { settledCharge } from '../../domain/charge-comparison';
import type { Moment } from '../../domain/moment';
import type { Attempt } from '../../domain/payment';
import type {
  Finding,
  OurCharge,
  OurRefund,
  TheirCharge,
  TheirRefund,
} from '../../domain/reconciliation';
import type { Refund } from '../../domain/refund';
import { settledRefund } from '../../domain/refund-comparison';
import { settleRefund } from '../../domain/refund-settlement';
import { settleCharge } from '../../domain/settlement';
import { Accounts } from '../../store/accounts';
import { insertFindings } from '../../store/findings';
import { countFixed, type Reconciliation } from '../../store/reconciliations';
import { report } from './report';

/** One of ours that is open, and what the provider's books say became of it. */
export type Settling =
  | { readonly kind: 'charge'; readonly ours: OurCharge; readonly theirs: TheirCharge }
  | { readonly kind: 'refund'; readonly ours: OurRefund; readonly theirs: TheirRefund };

/**
 * Settles many in one transaction, through the one rule for evidence. What cannot be settled is left
 * out: it stays open, and the provider is asked about it as about any other.
 */
export async function settleAll(
  settlings: readonly Settling[],
  reconciliation: Reconciliation,
  context: Context,
  announce: Announce,
): Promise<void> {
  const [first] = settlings;
  if (!first) return;
  try {
    await context.db.transaction((tx) =>
      settleTogether(settlings, reconciliation, context, announce, tx),
    );
  } catch (error) {
    if (isUnavailable(error)) throw error;
    if (settlings.length === 1) {
      const facts = { err: error, customerId: first.ours.customerId };
      context.logger.error(facts, 'what a reconciliation learnt could not be written');
      return;
    }
    for (const one of settlings) await settleAll([one], reconciliation, context, announce);
  }
}

async function settleTogether(
  settlings: readonly Settling[],
  reconciliation: Reconciliation,
  context: Context,
  announce: Announce,
  tx: Tx,
): Promise<void> {
  const moment = presently(context);
  const accounts = await Accounts.lock(
    settlings.map(({ ours }) => ours.customerId),
    { paymentIds: settlings.map(paymentOf) },
    tx,
  );
  const fixed: Finding[] = [];
  const opened: string[] = [];
  for (const one of settlings) {
    const { customerId } = one.ours;
    const before = accounts.get(customerId);
    const after = accounts.decide(customerId, reconciliation.cause, moment, (account) =>
      settled(account, one, moment),
    );
    opened.push(...after.discrepancies.map(({ id }) => id));
    fixed.push(...fixedIn(before, after, one));
  }
  const announcements: readonly Announcement[] = await accounts.save(moment, context.ids);
  await insertFindings(reconciliation.id, opened, tx);
  await report(fixed, 'auto_fixed', reconciliation, context, tx);
  if (fixed.length > 0) await countFixed(reconciliation.id, fixed.length, tx);
  await announce(announcements, tx);
}

function paymentOf(one: Settling): string {
  return one.kind === 'charge' ? one.ours.paymentId : one.ours.refund.paymentId;
}

/** Evidence that settles nothing changes nothing: what is due, and when, stays as it was. */
function settled(account: Account, one: Settling, moment: Moment): Account {
  const next =
    one.kind === 'charge'
      ? chargeSettled(account, one, moment)
      : refundSettled(account, one, moment);
  return subjectIn(next, one)?.status === subjectIn(account, one)?.status ? account : next;
}

type OfKind<Kind> = Extract<Settling, { kind: Kind }>;

function chargeSettled(account: Account, { ours, theirs }: OfKind<'charge'>, moment: Moment) {
  const { reference } = ours.attempt;
  return settleCharge(account, reference, theirs.evidence, 'reconciliation', moment);
}

function refundSettled(account: Account, { ours, theirs }: OfKind<'refund'>, moment: Moment) {
  const { request } = ours.refund;
  return request
    ? settleRefund(account, request.reference, theirs.evidence, 'reconciliation', moment)
    : account;
}

function subjectIn(account: Account, one: Settling): Attempt | Refund | undefined {
  return one.kind === 'charge' ? attemptIn(account, one.ours) : refundIn(account, one.ours);
}

function attemptIn({ payments }: Account, { attempt: { id } }: OurCharge): Attempt | undefined {
  return payments.flatMap(({ attempts }) => attempts).find((attempt) => attempt.id === id);
}

function refundIn({ refunds }: Account, { refund: { id } }: OurRefund): Refund | undefined {
  return refunds.find((refund) => refund.id === id);
}

/** One that is only known to be pending now is not settled. */
function fixedIn(before: Account, after: Account, one: Settling): Finding[] {
  if (one.kind === 'charge') {
    const [attempt, next] = [attemptIn(before, one.ours), attemptIn(after, one.ours)];
    if (!attempt || !next?.settledAt || attempt.status === next.status) return [];
    return [settledCharge({ ...one.ours, attempt }, next, one.theirs)];
  }
  const [refund, next] = [refundIn(before, one.ours), refundIn(after, one.ours)];
  if (!refund || !next?.settledAt || refund.status === next.status) return [];
  return [settledRefund({ ...one.ours, refund }, next, one.theirs)];
}
