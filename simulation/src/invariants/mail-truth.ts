import { anniversary } from '../oracle/anniversaries';
import { localDate, shifted } from '../oracle/london';
import { cardOf } from '../oracle/people';
import type { Mail } from '../record';
import { SKEW_MS } from './judging';
import type { Picture } from './picture';
import type { MailRow } from './tables';
import { CardLostSaid, longDate, priceText } from './wording';

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

/** By what it says: its row may tell what was sent again later, and counted for nothing. */
function declined(mail: Mail, { entityId }: MailRow, picture: Picture): string | null {
  const before = shifted(mail.at, SKEW_MS);
  const refused = picture
    .attemptsOf(entityId)
    .flatMap((attempt) => picture.chargesOf(attempt))
    .some(({ status, decidedAt }) => status === 'failed' && decidedAt <= before);
  if (!refused) return 'nothing had been declined';
  const known = picture.trail.payments.get(entityId) ?? [];
  const planned = known
    .filter(({ said, at }) => said.status === 'retrying' && at <= before)
    .flatMap(({ said }) => said.nextAttemptAt ?? [])
    .filter((at) => mail.text.includes(longDate(localDate(at))));
  const next = planned.at(-1);
  if (next === undefined) return 'no try was to come on a day that it names';
  if (shifted(next, ON_ITS_WAY_MS) < mail.at) return `${next} was past`;
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
  const { subscriptionId } = CardLostSaid.parse(data);
  // What is in the row may be truer than what was sent by a process that stood still after it.
  const isOver = mail.text.includes('therefore ended on');
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
