import { localDate, shifted } from '../oracle/london';
import { cardOf } from '../oracle/people';
import type { Mail } from '../record';
import { byAllClocks } from './judging';
import { owedUntold, paidUntold } from './mail-items';
import { standingsAt } from './mail-standings';
import { capturesOf, type Picture } from './picture';
import type { MailRow } from './tables';
import type { Told } from './trail';
import {
  amountsIn,
  CardLostSaid,
  datesIn,
  isOnly,
  linesIn,
  longDate,
  priceText,
  proseIn,
} from './wording';

/** Why it was untrue; null: it was true. */
type Check = (mail: Mail, row: MailRow, picture: Picture) => string | null;

export const UNTRUE: Readonly<Record<string, Check>> = {
  payment_receipt: receipt,
  payment_declined: declined,
  subscription_terminated: terminated,
  card_unavailable: cardLost,
  refund_receipt: refundReceipt,
};

function receipt(mail: Mail, { entityId }: MailRow, picture: Picture): string | null {
  const paid = capturesOf(entityId, picture);
  const [first] = paid;
  const charge = paid
    .flatMap((attempt) => picture.chargesOf(attempt))
    .find(({ status, decidedAt }) => status === 'succeeded' && decidedAt <= byAllClocks(mail.at));
  if (!first || !charge) return 'no money was there';
  const price = priceText(first.amountMinor, first.currency);
  const prose = `${mail.subject}\n${proseIn(mail.text)}`;
  if (!isOnly(price, amountsIn(prose))) return `${price} was paid, and it says ${prose}`;
  const known = picture.trail.payments.get(entityId) ?? [];
  const strange = anotherDay(prose, known);
  if (strange) return `it was not paid on ${strange}`;
  return first.items && paidUntold(mail, first.items, picture);
}

/** While the mail is on its way to the CRM its time may come. */
const ON_ITS_WAY_MS = 30_000;

/** By what it says: its row may tell what was sent again later, and counted for nothing. */
function declined(mail: Mail, { entityId }: MailRow, picture: Picture): string | null {
  const before = byAllClocks(mail.at);
  const refused = picture
    .attemptsOf(entityId)
    .flatMap((attempt) => picture.chargesOf(attempt))
    .some(({ status, decidedAt }) => status === 'failed' && decidedAt <= before);
  if (!refused) return 'nothing had been declined';
  const planned = (picture.trail.payments.get(entityId) ?? []).flatMap(({ said, at }) => {
    const next = said.nextAttemptAt;
    const isMeant =
      said.status === 'retrying' &&
      at <= before &&
      next !== null &&
      mail.text.includes(longDate(localDate(next)));
    return isMeant ? [{ said, next }] : [];
  });
  const last = planned.at(-1);
  if (last === undefined) return 'no try was to come on a day that it names';
  if (shifted(last.next, ON_ITS_WAY_MS) < mail.at) return `${last.next} was past`;
  const receiptAsked = picture.notifications.mails.find(
    (row) => row.kind === 'payment_receipt' && row.entityId === entityId,
  );
  const wasPaid = receiptAsked && shifted(receiptAsked.createdAt, ON_ITS_WAY_MS) < mail.at;
  if (wasPaid) return `it was known since ${receiptAsked.createdAt} that the money is there`;
  const wrong = planned.map(({ said }) => owedUntold(mail, said, picture));
  return wrong.includes(null) ? null : (wrong.at(-1) ?? null);
}

function terminated(
  mail: Mail,
  { entityId }: MailRow,
  { people, subscriptions }: Picture,
): string | null {
  const row = subscriptions.subscriptions.find(({ id }) => id === entityId);
  const isOver =
    row?.status === 'terminated' && row.endedAt !== null && row.endedAt <= byAllClocks(mail.at);
  if (!isOver) return 'it had not been terminated';
  if (!isOnly(longDate(localDate(row.endedAt ?? '')), datesIn(mail.text)))
    return `it ended at ${row.endedAt}`;
  const plan = people.subscriptions.get(entityId)?.plan;
  if (!plan) return null;
  const { productName } = plan.purchase;
  if (!mail.subject.includes(productName) || !mail.text.includes(productName))
    return `it is not about ${productName}`;
  const price = priceText(plan.amountMinor, plan.currency);
  // Where the last decline is not known yet, no amount is named.
  const strange = amountsIn(mail.text).find((amount) => amount !== price);
  return strange ? `${price} was not paid, and it says ${strange}` : null;
}

const LOST = { expired: 'has expired', cancelled: 'was cancelled' } as const;

function cardLost(mail: Mail, { data, entityId }: MailRow, picture: Picture): string | null {
  const { people, subscriptions } = picture;
  const { subscriptionId } = CardLostSaid.parse(data);
  const before = byAllClocks(mail.at);
  const { customer, plan } = people.subscriptions.get(subscriptionId) ?? {};
  const lost = (customer?.methods ?? [])
    .flatMap((method) => people.lostCards.get(cardOf(method)) ?? [])
    .filter(({ at }) => at <= before);
  if (!lost.some(({ cause }) => mail.text.includes(LOST[cause]))) return 'no card was lost so';
  const name = plan?.purchase.productName ?? '';
  if (!mail.text.includes(name)) return `it is not about ${name}`;
  // What is in the row may be truer than what was sent by a process that stood still after it.
  if (mail.text.includes('therefore ended on')) {
    const row = subscriptions.subscriptions.find(({ id }) => id === subscriptionId);
    const ended = row?.endReason?.startsWith('card_') ? row.endedAt : null;
    if (ended === null || ended > before) return 'it had not ended by that';
    return isOnly(longDate(localDate(ended)), datesIn(mail.text)) ? null : `it ended at ${ended}`;
  }
  const ends = standingsAt(subscriptionId, mail.at, picture).flatMap((standing) =>
    standing.state === 'ending' && standing.cancellationId === entityId ? [standing.on] : [],
  );
  const isTrue = ends.some((on) => isOnly(longDate(on), datesIn(mail.text)));
  return isTrue ? null : `it was to end on ${ends.join(' or ') || 'no day'}`;
}

function refundReceipt(mail: Mail, { entityId }: MailRow, picture: Picture): string | null {
  const refund = picture.billing.refunds.find(({ id }) => id === entityId);
  const books = Object.entries(picture.record.books).find(
    ([name]) => name === refund?.provider,
  )?.[1];
  const booked = books?.refunds.find(({ id }) => id === refund?.providerReference);
  const wentBack = booked?.status === 'succeeded' && booked.createdAt <= byAllClocks(mail.at);
  if (!refund || !wentBack) return 'no money had gone back';
  const price = priceText(booked.amount, booked.currency);
  const prose = `${mail.subject}\n${proseIn(mail.text)}`;
  if (!isOnly(price, amountsIn(prose))) return `${price} went back, and it says ${prose}`;
  const known = picture.trail.refunds.get(entityId) ?? [];
  const strange = anotherDay(prose, known);
  if (strange) return `it did not go back on ${strange}`;
  const lines = linesIn(mail.text);
  const cycles = picture.cyclesOf(refund.paymentId);
  const all = namesOf(cycles, picture);
  const meant = namesOf(refund.items ?? cycles.filter(({ status }) => status === 'paid'), picture);
  const isTrue =
    lines.every((line) => all.includes(line)) && meant.every((name) => lines.includes(name));
  return isTrue ? null : `it was for ${meant.join(', ')}, and it says ${lines.join(', ')}`;
}

/** A day that it names, on which that did not succeed. */
function anotherDay(
  text: string,
  told: readonly Told<{ readonly status: string }>[],
): string | undefined {
  const reached = told.find(({ said }) => said.status === 'succeeded');
  const day = reached && longDate(localDate(reached.at));
  return datesIn(text).find((one) => one !== day);
}

function namesOf(
  items: readonly { readonly subscriptionId: string }[],
  { people }: Picture,
): readonly string[] {
  return items.flatMap(
    ({ subscriptionId }) =>
      people.subscriptions.get(subscriptionId)?.plan.purchase.productName ?? [],
  );
}
