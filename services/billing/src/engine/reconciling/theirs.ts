import type { Tx } from '@perennial/database';
import type { Announce } from '@perennial/service';
import type { Context } from '../../context';
import type { TheirCharge, TheirRefund } from '../../domain/reconciliation';
import type { Listed, Provider } from '../../providers/provider';
import { chargesShown, refundsShown } from '../../store/our-books';
import { insertMatches } from '../../store/reconciliation-matches';
import {
  lockClaimed,
  type RunningReconciliation,
  saveReconciliation,
} from '../../store/reconciliations';
import { askCharge, askRefund, inPace, type Told } from './ask';
import { type Comparison, compareCharges, compareRefunds, type Doubt, together } from './compare';
import { afterFailure, afterPage } from './progress';
import { report } from './report';
import { settleAll } from './settle';

/** Compares one page of the provider's books. Two looks, where something has to be settled or asked first. */
export async function compareTheirs(
  claimed: RunningReconciliation,
  provider: Provider,
  context: Context,
  announce: Announce,
): Promise<void> {
  const { fromAt: from, toAt: to, place } = claimed;
  provider.pace.take(1);
  const listing = await provider.list({ from, to }, place);
  if (listing.outcome === 'failed') {
    const after = afterFailure(claimed, listing, context.clock.now());
    await context.db.transaction(async (tx) => {
      if (await lockClaimed(claimed, tx)) await saveReconciliation(after, tx);
    });
    return;
  }
  const look = (items: readonly Listed[], asked: boolean) =>
    context.db.transaction(async (tx) => {
      const current = await lockClaimed(claimed, tx);
      if (current?.status !== 'running') return null;
      const comparison = await compared(items, current.provider, asked, context, tx);
      if (!asked && comparison.settlings.length + comparison.doubts.length > 0) return comparison;
      await write(comparison, current, context, announce, tx);
      const page = { compared: items.length, next: listing.next };
      await saveReconciliation(afterPage(current, page, context.clock.now()), tx);
      return null;
    });

  const unsettled = await look(listing.items, false);
  if (!unsettled) return;
  const answers = await askAll(unsettled.doubts, provider, context);
  await settleAll(unsettled.settlings, claimed, context, announce);
  await look(listing.items.map(answers), true);
}

async function compared(
  items: readonly Listed[],
  provider: string,
  asked: boolean,
  { clock }: Context,
  tx: Tx,
): Promise<Comparison> {
  const charges = items.filter((one) => one.kind === 'charge');
  const refunds = items.filter((one) => one.kind === 'refund');
  const look = { provider, now: clock.now(), asked };
  return together(
    compareCharges(await chargesShown(provider, charges, tx), charges, look),
    compareRefunds(await refundsShown(provider, refunds, tx), refunds, look),
  );
}

async function write(
  { findings, charges, refunds }: Comparison,
  reconciliation: RunningReconciliation,
  context: Context,
  announce: Announce,
  tx: Tx,
): Promise<void> {
  const { id } = reconciliation;
  const [ownCharges, ownRefunds] = [
    charges.map(({ attempt }) => attempt.id),
    refunds.map(({ refund }) => refund.id),
  ];
  await insertMatches(id, 'charge', ownCharges, tx);
  await insertMatches(id, 'refund', ownRefunds, tx);
  await announce(await report(findings, 'open', reconciliation, context, tx), tx);
}

/** What is listed may be older than what we know: the answer of this moment counts, where there is one. */
async function askAll(
  doubts: readonly Doubt[],
  provider: Provider,
  { clock }: Context,
): Promise<(listed: Listed) => Listed> {
  const charges = new Map<string, TheirCharge>();
  const refunds = new Map<string, TheirRefund>();
  await inPace(doubts, provider, clock, async (doubt) => {
    if (doubt.kind === 'charge') remember(charges, await askCharge(doubt.ours, provider));
    else remember(refunds, await askRefund(doubt.ours, provider));
  });
  return (listed) =>
    listed.kind === 'charge'
      ? { ...listed, ...charges.get(listed.providerReference) }
      : { ...listed, ...refunds.get(listed.providerReference) };
}

function remember<Theirs extends { readonly providerReference: string }>(
  answers: Map<string, Theirs>,
  told: Told<Theirs>,
): void {
  if (typeof told !== 'string') answers.set(told.providerReference, told);
}
