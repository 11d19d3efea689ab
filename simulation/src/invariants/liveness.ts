import type { Invariant, Violation } from '../invariant';
import { shifted } from '../oracle/london';
import { SERVICES } from '../record';
import { atRest, endOf, violation } from './judging';
import type { Picture } from './picture';
import { pictureOf } from './picture';

/** A run looks for due work every few seconds, and what it asks is leased for a minute. */
const DUE_MS = 60_000;

export const livenessInvariants: readonly Invariant[] = [
  atRest(
    'liveness/every-due-cycle-is-owed',
    'Each cycle of a subscription that fell due before its end is in the books, by the oracle.',
    everyDueCycleIsOwed,
  ),
  atRest(
    'liveness/open-payments-go-on',
    'Every open payment, every attempt and refund that is under way, and every waiting cycle has a next step with a time.',
    openPaymentsGoOn,
  ),
  atRest('liveness/nothing-overdue', 'Nothing whose time has come is left lying.', nothingOverdue),
  atRest(
    'liveness/nothing-unknown',
    'No outcome is open, but of what the provider itself has not decided yet.',
    nothingUnknown,
  ),
  {
    name: 'liveness/nothing-left-over',
    meaning:
      'Outboxes are empty, no message has failed or is parked, and no event waits for what is here already.',
    holds: 'at rest',
    violations: async (record) => [...(await leftOver(await pictureOf(record)))],
  },
];

function* everyDueCycleIsOwed(picture: Picture): Iterable<Violation> {
  const { billing, people, now } = picture;
  const schedules = new Map(billing.schedules.map((one) => [one.subscriptionId, one]));
  const surelyDue = shifted(now, -DUE_MS);
  for (const { id, plan, customer } of people.subscriptions.values()) {
    const schedule = schedules.get(id);
    if (!schedule || schedule.nextCycle === null) {
      yield violation(`billing does not know subscription ${id}`, id, customer.id);
      continue;
    }
    const found = new Set(picture.cyclesOfSubscription(id).map(({ cycle }) => cycle));
    for (const n of plan.dueUntil(surelyDue)) {
      if (n >= endOf(schedule) || found.has(n)) continue;
      yield violation(`cycle ${id}:${n} of ${plan.dateOf(n)} was never found due`, id, customer.id);
    }
  }
}

const OPEN = new Set(['scheduled', 'processing', 'retrying']);

export function isOpen({ status }: { readonly status: string }): boolean {
  return OPEN.has(status);
}

function* openPaymentsGoOn(picture: Picture): Iterable<Violation> {
  const { billing, attemptsOf, payment } = picture;
  const dueAt = new Map(billing.accounts.map((account) => [account.customerId, account.dueAt]));
  for (const one of billing.payments) {
    const steps = [one.nextAttemptAt, ...attemptsOf(one.id).map((attempt) => attempt.nextActionAt)];
    const next = steps.filter((at) => at !== null).sort()[0];
    if (isOpen(one) && !next) {
      yield violation(
        `payment ${one.id} is ${one.status} and has no next step`,
        one.id,
        one.customerId,
      );
    }
    const due = dueAt.get(one.customerId);
    if (next && (!due || due > next)) {
      yield violation(
        `payment ${one.id} is due at ${next}, its account at ${due}`,
        one.id,
        one.customerId,
      );
    }
  }
  for (const cycle of billing.cycles) {
    const { subscriptionId, customerId } = cycle;
    const older = picture.cyclesOfSubscription(subscriptionId).some((other) => {
      const holder = payment.get(other.paymentId ?? '');
      const isOwed = other.status === 'owed' && other.cycle < cycle.cycle;
      return isOwed && holder !== undefined && isOpen(holder);
    });
    const name = `${subscriptionId}:${cycle.cycle}`;
    if (cycle.status === 'waiting' && !older) {
      yield violation(`cycle ${name} waits for nothing`, subscriptionId, customerId);
    }
    const holder = payment.get(cycle.paymentId ?? '');
    if (cycle.status === 'owed' && !(holder && isOpen(holder))) {
      yield violation(
        `cycle ${name} is owed, and its payment is ${holder?.status}`,
        subscriptionId,
        customerId,
      );
    }
  }
}

function* nothingOverdue({ billing, notifications, now }: Picture): Iterable<Violation> {
  const due = [
    ...billing.payments.map(({ id, nextAttemptAt }) => ['payment', id, nextAttemptAt] as const),
    ...billing.attempts.map(
      ({ reference, nextActionAt }) => ['attempt', reference, nextActionAt] as const,
    ),
    ...billing.refunds.map(({ id, nextActionAt }) => ['refund', id, nextActionAt] as const),
    ...billing.accounts.map(({ customerId, dueAt }) => ['account', customerId, dueAt] as const),
    ...billing.reconciliations.map(
      ({ id, nextActionAt }) => ['reconciliation', id, nextActionAt] as const,
    ),
    ...notifications.mails.map(({ id, dueAt }) => ['mail', id, dueAt] as const),
  ];
  const late = shifted(now, -DUE_MS);
  for (const [what, id, at] of due) {
    if (at !== null && at < late) yield violation(`${what} ${id} was due at ${at}`, id);
  }
}

function* nothingUnknown(picture: Picture): Iterable<Violation> {
  const { billing, chargesOf, record } = picture;
  for (const attempt of billing.attempts) {
    const { status, reference, nextActionAt, paymentId } = attempt;
    const undecided = chargesOf(attempt).some((charge) => charge.status === 'processing');
    const isOver = nextActionAt === null || (status === 'pending' && undecided);
    if (!isOver) yield violation(`attempt ${reference} is still ${status}`, reference, paymentId);
  }
  for (const refund of billing.refunds) {
    const { status, id, reference, provider, paymentId } = refund;
    if (status !== 'pending') continue;
    const books = Object.entries(record.books).find(([name]) => name === provider)?.[1];
    const undecided = books?.refunds.some(
      (one) => one.merchantReference === reference && one.status === 'pending',
    );
    if (!undecided) yield violation(`refund ${id} is still pending`, id, paymentId);
  }
}

async function leftOver({ record, billing, webhooks, trail }: Picture): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const service of SERVICES) {
    for (const { messageId, type } of await record.rows(
      service,
      'SELECT message_id, type FROM outbox',
    )) {
      found.push(violation(`${service} has not sent ${type} ${messageId}`, String(messageId)));
    }
    const failed = `SELECT id, type, state, error FROM failed_messages WHERE state <> 'discarded'`;
    for (const { id, type, state, error } of await record.rows(service, failed)) {
      found.push(
        violation(`${service} has the ${state} message ${type} ${id}: ${error}`, String(id)),
      );
    }
    const unsealed = 'SELECT id, entity_id FROM audit_entries WHERE sealed = 0';
    for (const { entityId } of await record.rows(service, unsealed)) {
      found.push(
        violation(`${service} has not sealed an entry about ${entityId}`, String(entityId)),
      );
    }
  }
  for (const { id, status } of webhooks.deliveries) {
    if (status === 'pending') found.push(violation(`delivery ${id} was not published`, id));
  }
  const known = new Set([
    ...billing.attempts.flatMap(({ reference, providerReference, status }) => [
      reference,
      ...(status === 'succeeded' && providerReference ? [providerReference] : []),
    ]),
    ...[...trail.refunds.values()].flatMap((told) =>
      told.map(({ said }) => said.request?.reference),
    ),
  ]);
  for (const { id, waitsFor } of billing.held_events) {
    if (waitsFor !== null && known.has(waitsFor)) {
      found.push(violation(`event ${id} waits for ${waitsFor}, which is here`, waitsFor));
    }
  }
  return found;
}
