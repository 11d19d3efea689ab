import { type Instant, instantOfMs, msOf, parseInstant } from '@perennial/calendar';
import type { Announce } from '@perennial/service';
import type { Context } from '../../context';
import type { Finding } from '../../domain/reconciliation';
import type { Provider } from '../../providers/provider';
import { ourPage, type Place } from '../../store/our-books';
import { insertMatches, matchedAmong } from '../../store/reconciliation-matches';
import {
  lockClaimed,
  type Reconciliation,
  type RunningReconciliation,
  saveReconciliation,
} from '../../store/reconciliations';
import { inPace, type Told } from './ask';
import type { Look } from './compare';
import { afterFailure, afterPage, hasFailedForLong } from './progress';
import { report } from './report';
import { settleAll } from './settle';
import type { Side } from './sides';

const ROWS_PER_PAGE = 500;
const ASKED_PER_PAGE = 20;

interface Page<Ours> {
  /** Those that the provider has not shown, and can be asked about. */
  readonly left: readonly Ours[];
  readonly next: string | null;
}

/**
 * Goes through a page of ours: what the provider has not shown in its list is asked about one by one,
 * because the two clocks differ at the window's edges. Billing rules: "Reconciliation".
 */
export async function compareOurs<Ours, Theirs>(
  side: Side<Ours, Theirs>,
  claimed: RunningReconciliation,
  provider: Provider,
  context: Context,
  announce: Announce,
): Promise<void> {
  const page = await nextPage(side, claimed, context);
  if (!page) return;
  const { clock } = context;
  const readyAt = answersFrom(side, page.left, provider);
  if (readyAt > clock.now()) return postpone(claimed, readyAt, context);

  const answers = new Map<string, Told<Theirs>>();
  await inPace(page.left, provider, clock, async (ours) => {
    answers.set(side.factsOf(ours).id, await side.ask(ours, provider));
  });
  const look = { provider: claimed.provider, now: clock.now(), asked: true };
  const settlings = page.left.flatMap((ours) => {
    const told = answers.get(side.factsOf(ours).id);
    return isSaid(told) ? side.compare(ours, told, look).settlings : [];
  });
  await settleAll(settlings, claimed, context, announce);
  const givesUp = hasFailedForLong(claimed, clock.now()) && (await lists(provider, claimed));
  await context.db.transaction(async (tx) => {
    const current = await lockClaimed(claimed, tx);
    if (current?.status !== 'running') return;
    const asked = { before: page.left, now: await side.load([...answers.keys()], tx), answers };
    const { findings, open } = judged(side, asked, look, givesUp);
    const said = [...answers.keys()].filter((id) => !open.includes(id));
    await insertMatches(claimed.id, side.kind, said, tx);
    await announce(await report(findings, 'open', current, context, tx), tx);
    await saveReconciliation(afterAsking(current, said.length, open, page.next, look.now), tx);
  });
}

/** Null: nothing is left on it, and the next one is due. */
async function nextPage<Ours, Theirs>(
  side: Side<Ours, Theirs>,
  claimed: RunningReconciliation,
  context: Context,
): Promise<Page<Ours> | null> {
  const { provider, fromAt, toAt: to } = claimed;
  const now = context.clock.now();
  return context.db.transaction(async (tx) => {
    const after = placeOf(claimed.place, fromAt);
    const rows = await ourPage(side.kind, { provider, after, to }, ROWS_PER_PAGE, tx);
    const claims = rows.filter(({ status }) => side.statuses.includes(status));
    const ids = claims.map(({ id }) => id);
    const shown = await matchedAmong(claimed.id, side.kind, ids, tx);
    const missed = claims.filter(({ id }) => !shown.has(id));
    const some = missed.slice(0, ASKED_PER_PAGE);
    const last = missed.length > some.length ? some.at(-1) : rows.at(ROWS_PER_PAGE - 1);
    const next = last ? `${last.at} ${last.id}` : null;
    const loaded = await side.load(
      some.map(({ id }) => id),
      tx,
    );
    const left = loaded.filter((ours) => side.canBeAsked(ours, now));
    if (left.length > 0) return { left, next };
    if (await lockClaimed(claimed, tx)) {
      await saveReconciliation(afterPage(claimed, { compared: 0, next }, now), tx);
    }
    return null;
  });
}

/** Every id sorts behind the empty text. */
function placeOf(place: string | null, from: Instant): Place {
  const [at, id = ''] = place?.split(' ') ?? [];
  return { at: at === undefined ? from : parseInstant(at), id };
}

/** Before that, "not found" says nothing about the newest of them. */
function answersFrom<Ours>(
  side: Side<Ours, unknown>,
  left: readonly Ours[],
  { sheet: { enquiryLagMs } }: Provider,
): Instant {
  const sent = left.map((ours) => msOf(side.factsOf(ours).lastSentAt));
  return instantOfMs(Math.max(...sent) + enquiryLagMs);
}

async function postpone(
  claimed: RunningReconciliation,
  nextActionAt: Instant,
  { db }: Context,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (await lockClaimed(claimed, tx)) await saveReconciliation({ ...claimed, nextActionAt }, tx);
  });
}

/** Whoever has said nothing for a day, but goes on listing, will not say it any more. */
async function lists(provider: Provider, claimed: RunningReconciliation): Promise<boolean> {
  provider.pace.take(1);
  const { outcome } = await provider.list({ from: claimed.fromAt, to: claimed.toAt }, null);
  return outcome === 'listed';
}

interface Asked<Ours, Theirs> {
  /** As they were when they were asked about, and as they are now. */
  readonly before: readonly Ours[];
  readonly now: readonly Ours[];
  readonly answers: ReadonlyMap<string, Told<Theirs>>;
}

/** `open`: ids of those about which nothing was said, and that are asked about again. */
function judged<Ours, Theirs>(
  side: Side<Ours, Theirs>,
  { before, now, answers }: Asked<Ours, Theirs>,
  look: Look,
  givesUp: boolean,
): { readonly findings: readonly Finding[]; readonly open: readonly string[] } {
  const earlier = new Map(before.map((ours) => [side.factsOf(ours).id, side.factsOf(ours).status]));
  const findings: Finding[] = [];
  const open: string[] = [];
  for (const ours of now) {
    const { id, status } = side.factsOf(ours);
    const told = answers.get(id);
    // What has been settled meanwhile, here or by a webhook, is newer than the answer.
    if (earlier.get(id) !== status || (!side.isClaimed(ours) && !isSaid(told))) continue;
    if (told === 'no answer' && !givesUp) open.push(id);
    else findings.push(...differences(side, ours, told, look));
  }
  return { findings, open };
}

function differences<Ours, Theirs>(
  side: Side<Ours, Theirs>,
  ours: Ours,
  told: Told<Theirs> | undefined,
  look: Look,
): readonly Finding[] {
  if (told === 'not found' || told === undefined) return [side.missing(ours)];
  const { findings, charges, refunds } = side.compare(
    ours,
    isSaid(told) ? told : side.unsaid(ours),
    look,
  );
  const isAnother = charges.length + refunds.length + findings.length === 0;
  return isAnother ? [side.missing(ours)] : findings;
}

function isSaid<Theirs>(told: Told<Theirs> | undefined): told is Theirs {
  return told !== undefined && told !== 'not found' && told !== 'no answer';
}

/** Those that were said are remembered, so that only the others are asked about again. */
function afterAsking(
  current: RunningReconciliation,
  compared: number,
  open: readonly string[],
  next: string | null,
  now: Instant,
): Reconciliation {
  if (open.length === 0) return afterPage(current, { compared, next }, now);
  const detail = `no answer about ${open.length} of ours`;
  const after = afterFailure(current, { detail, waitMs: null }, now);
  return { ...after, compared: current.compared + compared };
}
