import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { anniversary } from '../oracle/anniversaries';
import { chargeTime, instantOf, localDate, msOf } from '../oracle/london';
import { cardOf } from '../oracle/people';
import type { Mail } from '../record';
import { atRest, SKEW_MS, violation } from './judging';
import type { Picture } from './picture';
import type { MailRow } from './tables';
import { CardLostSaid, DeclinedSaid, longDate, priceText } from './wording';

export const mailInvariants: readonly Invariant[] = [
  atRest(
    'mails/once',
    'Of each kind at most one mail goes out about one thing, and each that went out is known to us as sent.',
    once,
  ),
  atRest(
    'mails/to-the-customer',
    'All mails of a customer go to one address, to which those of nobody else go.',
    toTheCustomer,
  ),
  atRest(
    'mails/true-when-sent',
    'Each mail was true when it was sent: the money was there, or had been refused and another try was to come, or the end had come.',
    trueWhenSent,
  ),
  atRest(
    'mails/none-missing',
    'Each payment, first decline, termination, refund and lost card has had its mail.',
    noneMissing,
  ),
];

function* once({ notifications, record }: Picture): Iterable<Violation> {
  const rows = new Map(notifications.mails.map((row) => [row.id, row]));
  const about = new Map<string, string>();
  const sent = new Set<string>();
  for (const { key, template, at } of record.mails) {
    const row = rows.get(key);
    if (sent.has(key)) yield violation(`mail ${key} went out twice`, key);
    sent.add(key);
    if (row?.kind !== template) {
      yield violation(
        `a ${template} went out at ${at} as ${key}, which is ${row?.kind ?? 'no mail of ours'}`,
        key,
      );
      continue;
    }
    const name = `${row.kind} about ${row.entityType} ${row.entityId}`;
    const other = about.get(name);
    about.set(name, key);
    if (other)
      yield violation(`${name} went out as ${other} and ${key}`, row.entityId, row.customerId);
  }
  for (const { id, status, customerId } of notifications.mails) {
    if (status === 'sent' && !sent.has(id))
      yield violation(`mail ${id} is called sent, and never went out`, id, customerId);
  }
}

function* toTheCustomer({ notifications, record }: Picture): Iterable<Violation> {
  const rows = new Map(notifications.mails.map((row) => [row.id, row.customerId]));
  const owners = new Map<string, string>();
  const addresses = new Map<string, string>();
  for (const { key, to, at } of record.mails) {
    const customerId = rows.get(key);
    if (!customerId) continue;
    const owner = owners.get(to) ?? customerId;
    const address = addresses.get(customerId) ?? to;
    owners.set(to, owner);
    addresses.set(customerId, address);
    if (owner === customerId && address === to) continue;
    yield violation(`mail ${key} of ${at} went to another than its customer`, customerId, owner);
  }
}

function* trueWhenSent(picture: Picture): Iterable<Violation> {
  const rows = new Map(picture.notifications.mails.map((row) => [row.id, row]));
  for (const mail of picture.record.mails) {
    const row = rows.get(mail.key);
    const untrue = row && UNTRUE[row.kind]?.(mail, row, picture);
    if (untrue)
      yield violation(
        `the ${row.kind} about ${row.entityId} of ${mail.at} was untrue: ${untrue}`,
        row.entityId,
        row.customerId,
      );
  }
}

/** Why it was untrue; null: it was true. */
type Check = (mail: Mail, row: MailRow, picture: Picture) => string | null;

const UNTRUE: Readonly<Record<string, Check>> = {
  payment_receipt: receipt,
  payment_declined: declined,
  subscription_terminated: terminated,
  card_unavailable: cardLost,
  refund_receipt: refundReceipt,
};

function receipt(mail: Mail, { entityId }: MailRow, picture: Picture): string | null {
  const paid = picture
    .attemptsOf(entityId)
    .filter(({ status }) => status === 'succeeded')
    .sort((a, b) => ((a.settledAt ?? '') < (b.settledAt ?? '') ? -1 : 1));
  const [first] = paid;
  const charge = paid
    .flatMap((attempt) => picture.chargesOf(attempt))
    .find(
      ({ status, decidedAt }) => status === 'succeeded' && decidedAt <= shifted(mail.at, SKEW_MS),
    );
  if (!first || !charge) return 'no money was there';
  if (!mail.subject.includes(priceText(first.amountMinor, first.currency)))
    return `it says ${mail.subject}`;
  const next = (first.items ?? []).flatMap(({ subscriptionId, cycle }) => {
    const plan = picture.people.subscriptions.get(subscriptionId)?.plan;
    return plan ? [longDate(anniversary(plan.anchor, plan.purchase.interval, cycle + 1))] : [];
  });
  const told = [...mail.text.matchAll(/next charge on (.*)/g)].map(([, day]) => day ?? '');
  const isOver = (first.items ?? []).some(({ subscriptionId }) =>
    mayHaveEnded(subscriptionId, shifted(mail.at, SKEW_MS), picture),
  );
  if (mail.text.includes('nothing more will be charged') && !isOver) return 'nothing was to end';
  const wrong = told.find((day) => !next.includes(day));
  return wrong ? `the next charge is not on ${wrong}` : null;
}

function mayHaveEnded(id: string, at: string, { people, subscriptions }: Picture): boolean {
  const subscription = people.subscriptions.get(id);
  const row = subscriptions.subscriptions.find((one) => one.id === id);
  const lost = subscription?.customer.methods.map((card) => people.lostCards.get(cardOf(card)));
  return (
    subscription?.words.some(({ kind, from }) => kind === 'cancelled' && from <= at) ||
    lost?.some((deed) => deed && deed.at <= at) ||
    (row?.endedAt != null && row.endedAt <= at)
  );
}

/** While the mail is on its way to the CRM its time may come. */
const ON_ITS_WAY_MS = 30_000;

function declined(mail: Mail, { entityId, data }: MailRow, picture: Picture): string | null {
  const { nextAttemptOn } = DeclinedSaid.parse(data);
  const before = shifted(mail.at, SKEW_MS);
  const refused = picture
    .attemptsOf(entityId)
    .flatMap((attempt) => picture.chargesOf(attempt))
    .some(({ status, decidedAt }) => status === 'failed' && decidedAt <= before);
  if (!refused) return 'nothing had been declined';
  const planned = picture.trail.payments
    .get(entityId)
    ?.some(
      ({ said, at }) =>
        said.status === 'retrying' &&
        at <= before &&
        said.nextAttemptAt === chargeTime(nextAttemptOn),
    );
  if (!planned || !mail.text.includes(longDate(nextAttemptOn)))
    return `no try was to come on ${nextAttemptOn}`;
  if (shifted(chargeTime(nextAttemptOn), ON_ITS_WAY_MS) < mail.at)
    return `${nextAttemptOn} was past`;
  const receiptAsked = picture.notifications.mails.find(
    (row) => row.kind === 'payment_receipt' && row.entityId === entityId,
  );
  const wasPaid = receiptAsked && shifted(receiptAsked.createdAt, ON_ITS_WAY_MS) < mail.at;
  return wasPaid ? `it was known since ${receiptAsked.createdAt} that the money is there` : null;
}

function terminated(mail: Mail, { entityId }: MailRow, { subscriptions }: Picture): string | null {
  const row = subscriptions.subscriptions.find(({ id }) => id === entityId);
  const isOver =
    row?.status === 'terminated' &&
    row.endedAt !== null &&
    row.endedAt <= shifted(mail.at, SKEW_MS);
  if (!isOver) return 'it had not been terminated';
  return mail.text.includes(longDate(localDate(row.endedAt ?? '')))
    ? null
    : `it ended at ${row.endedAt}`;
}

function cardLost(
  mail: Mail,
  { data }: MailRow,
  { people, subscriptions }: Picture,
): string | null {
  const { subscriptionId, isOver } = CardLostSaid.parse(data);
  const before = shifted(mail.at, SKEW_MS);
  const methods = people.subscriptions.get(subscriptionId)?.customer.methods ?? [];
  const lost = methods.map((method) => people.lostCards.get(cardOf(method)));
  if (!lost.some((deed) => deed && deed.at <= before)) return 'no card was lost';
  const row = subscriptions.subscriptions.find(({ id }) => id === subscriptionId);
  const ended = row?.endedAt && row.endedAt <= before && row.endReason?.startsWith('card_');
  return isOver && !ended ? 'it had not ended by that' : null;
}

function refundReceipt(
  mail: Mail,
  { entityId }: MailRow,
  { billing, record }: Picture,
): string | null {
  const refund = billing.refunds.find(({ id }) => id === entityId);
  const books = Object.entries(record.books).find(([name]) => name === refund?.provider)?.[1];
  const booked = books?.refunds.find(({ id }) => id === refund?.providerReference);
  const wentBack = booked?.status === 'succeeded' && booked.createdAt <= shifted(mail.at, SKEW_MS);
  if (!refund || !wentBack) return 'no money had gone back';
  const said = priceText(booked.amount, booked.currency);
  return mail.subject.includes(said) ? null : `${said} went back, and it says ${mail.subject}`;
}

interface Wanted {
  readonly kind: string;
  readonly entityId: string;
  readonly customerId: string;
  /** It may have become untrue before it could be sent. */
  readonly mayBeDropped: boolean;
}

/** About a week of trying. */
const MOST_TRIES = 32;

function* noneMissing(picture: Picture): Iterable<Violation> {
  const rows = new Map(
    picture.notifications.mails.map((row) => [`${row.kind} ${row.entityId}`, row]),
  );
  for (const { kind, entityId, customerId, mayBeDropped } of wanted(picture)) {
    const row = rows.get(`${kind} ${entityId}`);
    const isErased = picture.people.customers.get(customerId)?.erased !== null;
    const isFine =
      row?.status === 'sent' ||
      (row?.status === 'dropped' && (mayBeDropped || isErased)) ||
      // The person was erased between the moment of claiming it and that of asking for the address.
      (row?.status === 'failed' && row.attempts >= MOST_TRIES) ||
      (row?.status === 'pending' && isErased);
    if (!isFine)
      yield violation(
        `the ${kind} about ${entityId} is ${row?.status ?? 'missing'}`,
        entityId,
        customerId,
      );
  }
  yield* missingAboutCards(picture);
}

function* wanted({ billing, trail, subscriptions, payment }: Picture): Iterable<Wanted> {
  for (const [entityId, entries] of trail.payments) {
    const customerId = payment.get(entityId)?.customerId ?? '';
    const about = { entityId, customerId };
    if (entries.some(({ said }) => said.status === 'succeeded'))
      yield { ...about, kind: 'payment_receipt', mayBeDropped: false };
    const tried = entries.some(
      ({ said }) =>
        said.status === 'retrying' &&
        said.nextAttemptAt !== null &&
        said.attempts.at(-1)?.status === 'declined',
    );
    if (tried) yield { ...about, kind: 'payment_declined', mayBeDropped: true };
  }
  for (const { id: entityId, customerId, status } of subscriptions.subscriptions) {
    if (status === 'terminated')
      yield { kind: 'subscription_terminated', entityId, customerId, mayBeDropped: false };
  }
  for (const { id: entityId, status, paymentId } of billing.refunds) {
    const customerId = payment.get(paymentId)?.customerId ?? '';
    if (status === 'succeeded')
      yield { kind: 'refund_receipt', entityId, customerId, mayBeDropped: false };
  }
}

const ByCard = z.object({
  card: z.object({ id: z.string(), on: z.string() }),
  request: z.object({ on: z.string() }).nullable(),
});

/** One mail for the end that a lost card brought, or was to bring. */
function* missingAboutCards({
  notifications,
  subscriptions,
  people,
  trail,
}: Picture): Iterable<Violation> {
  const asked = new Set(
    notifications.mails
      .filter(({ kind }) => kind === 'card_unavailable')
      .map(({ entityId }) => entityId),
  );
  for (const { entityType, entityId, facts, at } of trail.entries.subscriptions) {
    if (entityType !== 'subscription' || !facts.includes('"card":{')) continue;
    const { card, request } = ByCard.parse(JSON.parse(facts));
    const isFirst = request === null || card.on < request.on;
    if (!isFirst || asked.has(card.id)) continue;
    yield violation(
      `nobody was to tell of the lost card that ends ${entityId}, known since ${at}`,
      entityId,
    );
  }
  const told = new Set(
    notifications.mails
      .filter(({ kind, status }) => kind === 'card_unavailable' && status === 'sent')
      .map(({ data }) => CardLostSaid.parse(data).subscriptionId),
  );
  for (const {
    id,
    customerId,
    endReason,
    cardOn,
    requestOn,
    endedAt,
  } of subscriptions.subscriptions) {
    const isToCome =
      endedAt === null && cardOn !== null && (requestOn === null || cardOn < requestOn);
    const isErased = people.customers.get(customerId)?.erased !== null;
    if (!(endReason?.startsWith('card_') || isToCome) || told.has(id) || isErased) continue;
    yield violation(`nobody told about subscription ${id} that the card is lost`, id, customerId);
  }
}

function shifted(at: string, ms: number): string {
  return instantOf(msOf(at) + ms);
}
