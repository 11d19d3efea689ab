import { addMs } from '@perennial/calendar';
import {
  type Account,
  dropWaiting,
  endSubscription,
  openPaymentOf,
  type PaymentMethod,
  scheduleOf,
  withPayment,
} from './account';
import { cardEnd } from './card';
import { CALL_LEASE_MS } from './delays';
import { type Moment, referenceOf } from './moment';
import {
  type Attempt,
  amountOf,
  type Cycle,
  type CycleName,
  isOpen,
  type Payment,
  underWay,
  withAttempt,
  withItems,
} from './payment';
import { type EndCause, isCollectable } from './schedule';

/** Starts what is due: the next attempt of open payments, then new payments for the cycles that wait. */
export function startDueAttempts(account: Account, moment: Moment): Account {
  if (!account.customer.paymentMethod) return account;
  const retried = account.payments
    .filter(({ nextAttemptAt }) => nextAttemptAt !== null && nextAttemptAt <= moment.now)
    .reduce((next, payment) => retry(next, payment, moment), account);
  return collectWaiting(retried, moment);
}

function retry(account: Account, payment: Payment, moment: Moment): Account {
  if (underWay(payment)) return account;
  const left = dropUncollectable(account, payment, moment);
  if (!isOpen(left)) return withPayment(account, left);
  const end = cardEnd(account.customer);
  return end ? abandonForCard(account, left, end, moment) : start(account, left, moment);
}

/** Items that must not be charged any more are dropped; a payment without any is abandoned. */
export function dropUncollectable(account: Account, payment: Payment, moment: Moment): Payment {
  const kept = withItems(
    payment,
    'dropped',
    (item) => !isCollectable(scheduleOf(account, item.subscriptionId), item, moment),
  );
  return kept.items.some(({ status }) => status === 'owed') ? kept : abandoned(kept);
}

export function abandoned(payment: Payment): Payment {
  return { ...payment, status: 'abandoned', nextAttemptAt: null };
}

/** In grace with a card that is gone: no further attempt, and the subscriptions are cancelled. */
export function abandonForCard(
  account: Account,
  payment: Payment,
  cause: EndCause,
  moment: Moment,
): Account {
  const owed = payment.items.filter(({ status }) => status === 'owed');
  return owed.reduce(
    (next, { subscriptionId, cycle }) =>
      endSubscription(next, subscriptionId, { cause, at: moment.now, skippedCycle: cycle }),
    withPayment(account, abandoned(withItems(payment, 'dropped'))),
  );
}

function collectWaiting(account: Account, moment: Moment): Account {
  const ready = oldestReady(account);
  const end = cardEnd(account.customer);
  if (end) return ready.reduce((next, cycle) => dropForCard(next, cycle, end, moment), account);
  return chargedTogether(ready, account.customer.combineCharges).reduce(
    (next, cycles) => openPayment(next, cycles, moment),
    account,
  );
}

/** The oldest waiting cycle of each subscription that has no open payment. */
export function oldestReady(account: Account): readonly Cycle[] {
  const oldest = new Map<string, Cycle>();
  for (const cycle of account.cycles) {
    const known = oldest.get(cycle.subscriptionId);
    if (cycle.status === 'waiting' && (!known || cycle.cycle < known.cycle)) {
      oldest.set(cycle.subscriptionId, cycle);
    }
  }
  return [...oldest.values()].filter(
    ({ subscriptionId }) => !openPaymentOf(account, subscriptionId),
  );
}

/** The provider charges us per payment: what is due together in one currency is charged together. */
function chargedTogether(cycles: readonly Cycle[], combine: boolean): readonly Cycle[][] {
  if (!combine) return cycles.map((cycle) => [cycle]);
  const groups = new Map<string, Cycle[]>();
  for (const cycle of cycles) {
    const key = `${cycle.billingDate} ${cycle.amount.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), cycle]);
  }
  return [...groups.values()];
}

function openPayment(account: Account, cycles: readonly Cycle[], moment: Moment): Account {
  const [first] = cycles;
  const method = account.customer.paymentMethod;
  if (!first || !method) return account;
  const payment: Payment = {
    id: moment.newId(),
    customerId: account.customer.id,
    provider: method.provider,
    billingDate: first.billingDate,
    currency: first.amount.currency,
    status: 'scheduled',
    firstReachedOn: null,
    nextAttemptAt: moment.now,
    createdAt: moment.now,
    version: 0,
    items: cycles.map((cycle) => ({ ...cycle, status: 'owed' })),
    attempts: [],
  };
  const taken = { ...account, cycles: account.cycles.filter((cycle) => !cycles.includes(cycle)) };
  return retry(taken, payment, moment);
}

function dropForCard(
  account: Account,
  { subscriptionId, cycle }: Cycle,
  cause: EndCause,
  moment: Moment,
): Account {
  const end = { cause, at: moment.now, skippedCycle: cycle };
  return dropWaiting(endSubscription(account, subscriptionId, end), subscriptionId);
}

/** The attempt is committed, with its key and body, before anything is sent. */
function start(account: Account, payment: Payment, moment: Moment): Account {
  const method = account.customer.paymentMethod;
  if (!method) return account;
  return withPayment(account, {
    ...withAttempt(payment, newAttempt(payment, method, moment)),
    provider: method.provider,
    status: 'processing',
    nextAttemptAt: null,
  });
}

function newAttempt(payment: Payment, method: PaymentMethod, moment: Moment): Attempt {
  const id = moment.newId();
  const amount = amountOf(payment);
  const sheet = moment.sheetOf(method.provider);
  const reference = referenceOf(id, sheet);
  const facts = { reference, amount, paymentMethod: method.reference, at: moment.now };
  return {
    id,
    number: payment.attempts.length + 1,
    provider: method.provider,
    amount,
    items: payment.items.filter(({ status }) => status === 'owed').map(nameOf),
    reference,
    idempotencyKey: id,
    body: sheet.chargeBody(facts),
    status: 'created',
    nextActionAt: addMs(moment.now, CALL_LEASE_MS),
    startedAt: moment.now,
    firstSentAt: moment.now,
    lastSentAt: moment.now,
    sends: 1,
    enquiries: 0,
    providerReference: null,
    reason: null,
    rawReason: null,
    settledAt: null,
    settledBy: null,
    capturedMinor: null,
  };
}

function nameOf({ subscriptionId, cycle }: Cycle): CycleName {
  return { subscriptionId, cycle };
}
