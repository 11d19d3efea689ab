import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { atRest, endsByCard, violation } from './judging';
import { wronglyDropped } from './mail-dropped';
import { UNTRUE } from './mail-truth';
import type { Picture } from './picture';
import { amountsIn, CardLostSaid, datesIn, wordsOf } from './wording';

export const mailInvariants: readonly Invariant[] = [
  atRest(
    'mails/once',
    'Of each kind at most one mail goes out about one thing, and each that went out is known to us as sent.',
    once,
  ),
  atRest(
    'mails/to-the-customer',
    'All mails of a customer go to one address, to which those of nobody else go, and call them by their name.',
    toTheCustomer,
  ),
  atRest(
    'mails/both-forms-agree',
    'What a mail says as a page is what it says as text: the same names, amounts and dates, as often.',
    bothFormsAgree,
  ),
  atRest(
    'mails/true-when-sent',
    'Each mail was true when it was sent, as far as could be known, and said all of it: what was paid, refused, given back or ended, and what was to come.',
    trueWhenSent,
  ),
  atRest(
    'mails/none-missing',
    'Each payment, first decline, termination, refund and lost card has had its mail, or it was untrue before it could be sent.',
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

function* toTheCustomer({ notifications, people, record }: Picture): Iterable<Violation> {
  const rows = new Map(notifications.mails.map((row) => [row.id, row.customerId]));
  const owners = new Map<string, string>();
  const addresses = new Map<string, string>();
  for (const { key, to, at, text } of record.mails) {
    const customerId = rows.get(key);
    if (!customerId) continue;
    const name = people.customers.get(customerId)?.name;
    if (name && !text.includes(`Dear ${name},`))
      yield violation(`mail ${key} of ${at} is not to ${name}: ${text}`, customerId);
    const owner = owners.get(to) ?? customerId;
    const address = addresses.get(customerId) ?? to;
    owners.set(to, owner);
    addresses.set(customerId, address);
    if (owner === customerId && address === to) continue;
    yield violation(`mail ${key} of ${at} went to another than its customer`, customerId, owner);
  }
}

function* bothFormsAgree({ people, record }: Picture): Iterable<Violation> {
  const names = new Set([
    ...[...people.customers.values()].map(({ name }) => name),
    ...[...people.subscriptions.values()].map(({ plan }) => plan.purchase.productName),
  ]);
  for (const { key, at, text, html } of record.mails) {
    const [inText, inHtml] = [text, wordsOf(html)].map((words) => factsIn(words, names));
    if (inText !== inHtml)
      yield violation(`mail ${key} of ${at} says ${inText}, and as a page ${inHtml}`, key);
  }
}

function factsIn(words: string, names: ReadonlySet<string>): string {
  const named = [...names].flatMap((name) =>
    words
      .split(name)
      .slice(1)
      .map(() => name),
  );
  return [...named, ...amountsIn(words), ...datesIn(words)].sort().join(', ');
}

/** What its sender could know is seen by the messages. */
function* trueWhenSent(picture: Picture): Iterable<Violation> {
  if (picture.record.messages === null) return;
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
    const missedAt = row?.status === 'dropped' && mayBeDropped && wronglyDropped(row, picture);
    if (missedAt)
      yield violation(
        `the ${kind} about ${entityId} was dropped by ${missedAt}, and still true`,
        entityId,
        customerId,
      );
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
  for (const row of subscriptions.subscriptions) {
    const { id, customerId, endReason, endedAt } = row;
    const isToCome = endedAt === null && endsByCard(row);
    const isErased = people.customers.get(customerId)?.erased !== null;
    if (!(endReason?.startsWith('card_') || isToCome) || told.has(id) || isErased) continue;
    yield violation(`nobody told about subscription ${id} that the card is lost`, id, customerId);
  }
}
