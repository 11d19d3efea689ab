import type { Instant } from '@perennial/calendar';
import type { Bench } from '../bench';
import type { Checks } from '../check';
import { expected, unless, type Violations } from '../violations';
import { chargeIs } from './charges';

const DAY_MS = 86_400_000;
const LONG_MS = 400 * DAY_MS;

/** Sent again a moment before the end of its key's life it is the same charge, at its end another. */
async function lifetime(bench: Bench): Promise<Violations> {
  const life = bench.sheet.keyLifetimeMs;
  const attempt = bench.attempt('ok');
  await bench.turn();
  const sentAt = bench.clock.now();
  const first = await bench.provider.charge(attempt);
  const found = [...chargeIs(bench, attempt, first, 'succeeded')];
  await passUntil(bench, sentAt, (life ?? LONG_MS) - 1);
  const last = await bench.charge(attempt);
  found.push(
    ...expected('a charge sent again under its key', last, 'succeeded', 'unknown', 'pending'),
    ...unless(bench.moved(attempt).length === 1, 'a key does not live as long as declared'),
  );
  if (life === null) return found;
  await passUntil(bench, sentAt, life);
  await bench.charge(attempt);
  return [
    ...found,
    ...unless(bench.moved(attempt).length === 2, 'a key lives longer than declared'),
  ];
}

async function passUntil(bench: Bench, from: Instant, ms: number): Promise<void> {
  await bench.pass(Math.max(0, ms - bench.msSince(from)));
}

/** Of a charge that was answered with a server error and is sent again. */
async function serverErrors(bench: Bench): Promise<Violations> {
  const attempt = bench.attempt('500_after');
  await bench.charge(attempt);
  const first = bench.answers.at(-1) ?? 0;
  const again = await bench.charge(attempt);
  const kept = (bench.answers.at(-1) ?? 0) >= 500;
  const { keepsServerErrors } = bench.sheet;
  return [
    ...unless(first >= 500, 'the simulator did not answer with a server error'),
    ...unless(
      kept === keepsServerErrors,
      `a server error is ${kept ? '' : 'not '}kept under its key, and declared to be otherwise`,
    ),
    ...chargeIs(bench, attempt, again, 'unknown', 'succeeded'),
  ];
}

async function twiceAtOnce(bench: Bench): Promise<Violations> {
  const attempt = bench.attempt('ok');
  await bench.turn(2);
  const answers = await Promise.all([0, 1].map(() => bench.provider.charge(attempt)));
  return answers.flatMap((answer) => chargeIs(bench, attempt, answer, 'succeeded', 'unknown'));
}

async function otherBody(bench: Bench): Promise<Violations> {
  const attempt = bench.attempt('ok');
  const { reference } = attempt;
  await bench.charge(attempt);
  const other = bench.attempt('ok', { amountMinor: 9900, currency: 'GBP' }, { reference });
  const evidence = await bench.charge({ ...other, idempotencyKey: attempt.idempotencyKey });
  return [
    ...expected('another body under one key', evidence, 'refused'),
    ...unless(bench.moved(attempt).length === 1, 'another body under one key moved money'),
  ];
}

/** Refused, a refund counts as one that moved nothing: too much to say here. */
async function otherRefund(bench: Bench): Promise<Violations> {
  const { paymentReference } = await bench.charged();
  const refund = bench.refundOf(paymentReference, { amountMinor: 250, currency: 'GBP' });
  const request = refund.request;
  if (!request) return ['a refund has no request'];
  await bench.refund(refund, paymentReference);
  const amount = { amountMinor: 300, currency: 'GBP' };
  const order = { reference: request.reference, amount, reason: refund.reason, paymentReference };
  const body = bench.sheet.refundBody(order);
  const other = { ...refund, amount, request: { ...request, body } };
  const evidence = await bench.refund(other, paymentReference);
  return [
    ...expected('another refund under one key', evidence, 'unknown', 'pending'),
    ...unless(bench.movedBack(refund).length === 1, 'another refund under one key moved money'),
  ];
}

export const keys: Checks = {
  'a key lives exactly as long as declared': { run: lifetime },
  'a server error is kept under its key, or not, as declared': { run: serverErrors },
  'sent twice at once it is one charge': { run: twiceAtOnce },
  'another body under one key is refused, and the first charge stands': { run: otherBody },
  'another refund under one key leaves open what went back': { run: otherRefund },
};
