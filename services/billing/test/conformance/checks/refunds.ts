import type { RefundEvidence } from '../../../src/domain/evidence';
import type { Refund } from '../../../src/domain/refund';
import type { Bench } from '../bench';
import type { Check, Checks } from '../check';
import { expected, truth, unless, type Violations } from '../violations';

type Outcome = RefundEvidence['outcome'];
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

function refundIs(
  bench: Bench,
  refund: Refund,
  evidence: RefundEvidence,
  ...allowed: readonly Outcome[]
): Violations {
  return [
    ...expected('a refund', evidence, ...allowed),
    ...truth('a refund', evidence, bench.movedBack(refund), refund.amount),
  ];
}

async function enquiryIs(
  bench: Bench,
  refund: Refund,
  paymentReference: string,
  ...allowed: readonly Outcome[]
): Promise<Violations> {
  await bench.pass(bench.sheet.enquiryLagMs);
  const evidence = await bench.enquireRefund(refund, paymentReference);
  return refundIs(bench, refund, evidence, ...allowed).map((said) => `by enquiry ${said}`);
}

const inParts =
  (...parts: readonly number[]) =>
  async (bench: Bench): Promise<Violations> => {
    const { paymentReference } = await bench.charged();
    const found: string[] = [];
    for (const part of parts) {
      const refund = bench.refundOf(paymentReference, gbp(part));
      const evidence = await bench.refund(refund, paymentReference);
      found.push(...refundIs(bench, refund, evidence, 'succeeded', 'pending'));
      found.push(...(await enquiryIs(bench, refund, paymentReference, 'succeeded')));
    }
    return found;
  };

async function tooMuch(bench: Bench): Promise<Violations> {
  const { paymentReference } = await bench.charged();
  const first = bench.refundOf(paymentReference, gbp(750));
  await bench.refund(first, paymentReference);
  const second = bench.refundOf(paymentReference, gbp(501));
  const evidence = await bench.refund(second, paymentReference);
  return [
    ...refundIs(bench, second, evidence, 'refused', 'failed'),
    ...unless(bench.movedBack(second).length === 0, 'more went back than was taken'),
  ];
}

async function lost(bench: Bench, words: string): Promise<Violations> {
  const { paymentReference } = await bench.charged(`ok_refund_${words}`);
  const refund = bench.refundOf(paymentReference, gbp(250));
  const answer = await bench.refund(refund, paymentReference);
  const once = () =>
    unless(bench.movedBack(refund).length === 1, `${words}: money has not gone back exactly once`);
  const found = [
    ...refundIs(bench, refund, answer, 'unknown'),
    ...once(),
    ...(await enquiryIs(bench, refund, paymentReference, 'succeeded')),
  ];
  const again = await bench.refund(refund, paymentReference);
  return [...found, ...refundIs(bench, refund, again, 'unknown', 'succeeded'), ...once()];
}

const losing = (...allWords: readonly string[]): Check => ({
  silence: true,
  run: async (bench) => {
    const found: string[] = [];
    for (const words of [...allWords, ...(bench.harness.losses ?? [])]) {
      found.push(...(await lost(bench, words)));
    }
    return found;
  },
});

async function turnedAway(bench: Bench): Promise<Violations> {
  const { paymentReference } = await bench.charged('ok_refund_503_before');
  const refund = bench.refundOf(paymentReference, gbp(250));
  const first = await bench.refund(refund, paymentReference);
  const found = [
    ...refundIs(bench, refund, first, 'not_sent'),
    ...(await enquiryIs(bench, refund, paymentReference, 'not_found')),
  ];
  const again = await bench.refund(refund, paymentReference);
  return [...found, ...refundIs(bench, refund, again, 'succeeded')];
}

const later =
  (words: string, first: Outcome, end: Outcome) =>
  async (bench: Bench): Promise<Violations> => {
    const { paymentReference } = await bench.charged(`ok_refund_${words}`);
    const refund = bench.refundOf(paymentReference, gbp(250));
    const answer = await bench.refund(refund, paymentReference);
    const found = refundIs(bench, refund, answer, first);
    await bench.pass(10 * 60_000);
    return [...found, ...(await enquiryIs(bench, refund, paymentReference, end))];
  };

/** Ours is told from one of the same amount that somebody made at the provider. */
async function notOurs(bench: Bench): Promise<Violations> {
  const { attempt, paymentReference } = await bench.charged();
  await bench.steer('refund', { reference: attempt.reference, amount: 250, reason: 'duplicate' });
  const refund = bench.refundOf(paymentReference, gbp(250));
  const found = await enquiryIs(bench, refund, paymentReference, 'not_found');
  const before = bench.answers.length;
  const theirs = await bench.provider.refund({ ...refund, request: null }, paymentReference);
  return [
    ...found,
    ...expected('a refund that is not ours', theirs, 'refused'),
    ...unless(bench.answers.length === before, 'a refund that is not ours was sent'),
  ];
}

export const refunds: Checks = {
  'all of a charge goes back': { run: inParts(1250) },
  'parts of a charge go back': { run: inParts(250, 400, 600) },
  'more than was taken never goes back': { run: tooMuch },
  'a refund whose answer is lost is unknown until an enquiry tells': losing(
    'hang',
    'reset_after',
    '500_after',
    'html',
    'truncated',
  ),
  'a refund that is refused before any work is not sent, and goes through when sent again': {
    run: turnedAway,
  },
  'a refund that is accepted and made later is pending until then': {
    run: later('pending', 'pending', 'succeeded'),
  },
  'a refund that is accepted and fails later is pending until then': {
    run: later('pending_fail', 'pending', 'failed'),
  },
  'a refund that fails is told as one': { run: later('fail', 'failed', 'failed') },
  'a refund that somebody made at the provider is not taken for ours, nor sent': { run: notOurs },
};
