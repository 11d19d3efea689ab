import { CardUnavailable } from '@perennial/contracts';
import type { ChargeEvidence } from '../../../src/domain/evidence';
import type { Attempt } from '../../../src/domain/payment';
import type { Bench } from '../bench';
import type { Check, Checks } from '../check';
import { sameMoney, unless, type Violations } from '../violations';

const DAY_MS = 86_400_000;

const heard = (run: Check['run']): Check => ({ listening: true, run });

/** What was told of a charge is what it was answered. */
function toldAs(bench: Bench, attempt: Attempt, evidence: ChargeEvidence): Violations {
  const told = bench.heard.outcomes().filter(({ reference }) => reference === attempt.reference);
  const [one] = told;
  if (!one || told.length > 1) return [`the outcome of one charge is told ${told.length} times`];
  const wanted = evidence.outcome === 'succeeded' ? 'success' : 'failure';
  const { name } = bench.harness.adapter;
  return [
    ...unless(one.provider === name, `it is told of ${one.provider}`),
    ...unless(one.outcome === wanted, `a ${evidence.outcome} charge is told as ${one.outcome}`),
    ...sameMoney('a charge, as told,', one.amount, attempt.amount),
    ...sameNames(evidence, one),
  ];
}

interface Told {
  readonly providerReference: string;
  readonly reason: string | null;
  readonly rawReason: string | null;
}

function sameNames(evidence: ChargeEvidence, told: Told): Violations {
  const answered = 'providerReference' in evidence ? evidence.providerReference : null;
  const isDeclined = evidence.outcome === 'declined';
  const reason = isDeclined ? evidence.reason : null;
  const rawReason = isDeclined ? evidence.rawReason : null;
  return [
    ...unless(
      answered === null || answered === told.providerReference,
      `a charge answered as ${answered} is told as ${told.providerReference}`,
    ),
    ...unless(
      reason === told.reason && rawReason === told.rawReason,
      `${reason}, ${rawReason} is told as ${told.reason}, ${told.rawReason}`,
    ),
  ];
}

/** By enquiry, since some answers leave open what was decided. */
async function decidedAs(bench: Bench, words: string): Promise<Violations> {
  const attempt = bench.attempt(words);
  await bench.charge(attempt);
  await bench.pass(Math.max(1, bench.sheet.enquiryLagMs));
  return toldAs(bench, attempt, await bench.enquire(attempt));
}

async function declines(bench: Bench): Promise<Violations> {
  const found: string[] = [];
  for (const word of Object.keys(bench.harness.declines)) {
    found.push(...(await decidedAs(bench, `decline_${word}`)));
  }
  return found;
}

async function later(bench: Bench, words: string): Promise<Violations> {
  const attempt = bench.attempt(words);
  await bench.charge(attempt);
  await bench.pass(1_000);
  const early = bench.heard.outcomes().length;
  await bench.pass(10 * 60_000);
  return [
    ...unless(early === 0, 'an outcome is told before it is decided'),
    ...toldAs(bench, attempt, await bench.enquire(attempt)),
  ];
}

async function first(bench: Bench): Promise<Violations> {
  const attempt = bench.attempt('webhook_first_ok');
  const evidence = await bench.charge(attempt);
  const found = toldAs(bench, attempt, evidence).map((said) => `before the answer ${said}`);
  await bench.pass(DAY_MS);
  return [...found, ...toldAs(bench, attempt, evidence)];
}

async function never(bench: Bench): Promise<Violations> {
  await bench.charge(bench.attempt('no_webhook_ok'));
  await bench.pass(DAY_MS);
  return unless(bench.heard.told.length === 0, 'something is told all the same');
}

async function thrice(bench: Bench): Promise<Violations> {
  const attempt = bench.attempt('dup_webhook_ok');
  const evidence = await bench.charge(attempt);
  await bench.pass(1);
  const became = bench.heard.became.join(', ');
  return [
    ...unless(became === 'accepted, duplicate, duplicate', `three copies became ${became}`),
    ...toldAs(bench, attempt, evidence),
  ];
}

async function refunds(bench: Bench): Promise<Violations> {
  const { attempt, paymentReference } = await bench.charged();
  const refund = bench.refundOf(paymentReference, { amountMinor: 250, currency: 'GBP' });
  const evidence = await bench.refund(refund, paymentReference);
  await bench.pass(1);
  await bench.steer('refund', { reference: attempt.reference, amount: 300, reason: 'fraudulent' });
  await bench.pass(1);
  const told = bench.heard.refunds().map((one) => ({
    ...{ reference: one.reference, of: one.paymentProviderReference, outcome: one.outcome },
    ...{ amountMinor: one.amount?.amountMinor, reason: one.reason },
  }));
  const of = { of: paymentReference, outcome: 'success' };
  const wanted = [
    { reference: refund.request?.reference, ...of, amountMinor: 250, reason: 'duplicate' },
    { reference: null, ...of, amountMinor: 300, reason: 'fraudulent' },
  ];
  const text = JSON.stringify(told);
  const name = evidence.outcome === 'succeeded' ? evidence.providerReference : null;
  const named = bench.heard.refunds()[0]?.providerReference;
  return [
    ...unless(text === JSON.stringify(wanted), `refunds are told as ${text}`),
    ...unless(name === named, `a refund answered as ${name} is told as ${named}`),
  ];
}

async function lostCards(bench: Bench): Promise<Violations> {
  const paymentMethod = bench.harness.card('ok_1');
  const causes = ['expired', 'cancelled'];
  for (const cause of causes) {
    await bench.steer('card-unavailable', { paymentMethod, cause });
    await bench.pass(1);
  }
  const told = bench.heard.told
    .filter(({ type }) => type === CardUnavailable.type)
    .map(({ data }) => CardUnavailable.data.parse(data))
    .map((one) => `${one.paymentMethod} ${one.cause}`)
    .join();
  const wanted = causes.map((cause) => `${paymentMethod} ${cause}`).join();
  return unless(told === wanted, `lost cards are told as ${told}`);
}

export const webhooks: Checks = {
  'a success is told once, as it was answered': heard((bench) => decidedAs(bench, 'ok')),
  'a decline is told by the name that it was answered with': heard(declines),
  'what is paid later is told then': heard((bench) => later(bench, 'pending_ok')),
  'what is declined later is told then': heard((bench) =>
    later(bench, `pending_decline_${Object.keys(bench.harness.declines)[0]}`),
  ),
  'an outcome may be told before the answer comes, and is told once': heard(first),
  'an outcome may never be told': heard(never),
  'three copies are told as one': heard(thrice),
  'refunds are told, ours by our reference': heard(refunds),
  'lost cards are told, with the cause': heard(lostCards),
};
