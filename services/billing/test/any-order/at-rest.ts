import { type Attempt, type CycleName, isOpen, type Payment } from '../../src/domain/payment';
import { isCaptured, leftOf } from './model-provider';
import { checkMoneyBack } from './money-back';
import { broken } from './told';
import type { World } from './world';

/** When everything has come to rest: our books against the ledger, and against what we were told. */
export function checkAtRest(world: World): void {
  for (const payment of world.account.payments) {
    for (const attempt of payment.attempts) {
      checkEvidence(attempt, world);
      checkLedger(attempt, world);
    }
    checkPayment(payment);
    checkCycles(payment, world);
  }
  checkOnce(world);
  checkStrangers(world);
  checkMoneyBack(world);
}

const CONTRADICTIONS = ['contradicting_outcome', 'late_success', 'duplicate_charge'];

/** Each attempt ends as the evidence says: money first, then a decline, then that it was never there. */
function checkEvidence({ id, reference, status }: Attempt, { memory, account }: World): void {
  const { succeeded, declined, absent } = memory.of(reference);
  const supported = succeeded ? 'succeeded' : declined ? 'declined' : absent ? 'not_sent' : null;
  if (status !== supported) {
    broken(`an attempt ends as its evidence supports: ${supported}, not ${status}`);
  }
  const isShown = account.discrepancies.some(
    ({ kind, about }) => CONTRADICTIONS.includes(kind) && about === id,
  );
  if (succeeded && declined && !isShown) broken('what contradicts itself is shown to an operator');
}

function checkLedger({ reference, status, amount }: Attempt, world: World): void {
  const charges = world.chargesOf(reference);
  if (charges.length > 1) broken('one attempt is one charge');
  const { contrary } = world.memory.of(reference);
  const hasMoney = charges.some((charge) => isCaptured(charge, world.now));
  if (hasMoney && status !== 'succeeded') broken('what the provider captured is succeeded here');
  if (contrary) return;
  if (status === 'succeeded' && !hasMoney) broken('what is succeeded here was captured');
  if (status === 'declined' && charges.length === 0) broken('only the provider declines');
  if (status === 'not_sent' && world.history.listsDeclines && charges.length > 0) {
    broken('what is not sent is not in the ledger');
  }
  if (charges.some(({ amountMinor }) => amountMinor !== amount.amountMinor)) {
    broken('what is charged is what the attempt asks for');
  }
}

function checkPayment(payment: Payment): void {
  const paid = payment.attempts.some(({ status }) => status === 'succeeded');
  if (isOpen(payment)) broken('nothing is open');
  if (paid !== (payment.status === 'succeeded')) broken('paid if and only if captured');
  for (const item of payment.items) {
    const asked = payment.attempts.some(
      ({ status, items }) => status === 'succeeded' && items?.some((one) => isSame(one, item)),
    );
    if (item.status === 'paid' && !asked) broken('a cycle is paid by an attempt that asked for it');
    if (item.status === 'owed') broken('nothing is owed by a payment that has ended');
    if (paid && payment.items.every(({ status }) => status !== 'paid')) {
      broken('money pays for something');
    }
  }
}

/** A cycle is captured once: what was captured beside it has gone back in whole, or an operator is told. */
function checkCycles({ id, items, attempts }: Payment, world: World): void {
  const kept = attempts.filter(({ reference }) =>
    world.chargesOf(reference).some((one) => isCaptured(one, world.now) && leftOf(one) > 0),
  );
  const isTwice = items.some(
    (item) => kept.filter((attempt) => attempt.items?.some((one) => isSame(one, item))).length > 1,
  );
  const isShown = world.account.discrepancies.some(
    ({ kind, paymentId }) => kind === 'provider_refused' && paymentId === id,
  );
  if (isTwice && !isShown) broken('a cycle is captured once: the others have gone back in whole');
}

function isSame(one: CycleName, other: CycleName): boolean {
  return one.subscriptionId === other.subscriptionId && one.cycle === other.cycle;
}

function checkOnce({ account }: World): void {
  const names = [...account.payments.flatMap(({ items }) => items), ...account.cycles].map(
    ({ subscriptionId, cycle }) => `${subscriptionId}${cycle}`,
  );
  if (new Set(names).size < names.length) broken('a cycle is owed once');
}

function checkStrangers({ account, network }: World): void {
  const ours = new Set(
    account.payments.flatMap(({ attempts }) => attempts.map(({ reference }) => reference)),
  );
  if (network.ledger.some(({ reference }) => !ours.has(reference))) {
    broken('every charge is known here');
  }
}
