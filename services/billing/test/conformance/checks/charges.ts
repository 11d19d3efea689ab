import type { ChargeEvidence } from '../../../src/domain/evidence';
import type { Attempt } from '../../../src/domain/payment';
import type { Bench } from '../bench';
import type { Check, Checks } from '../check';
import { expected, truth, unless, type Violations } from '../violations';

type Outcome = ChargeEvidence['outcome'];

/** What a charge is told as, against the ledger. */
export function chargeIs(
  bench: Bench,
  attempt: Attempt,
  evidence: ChargeEvidence,
  ...allowed: readonly Outcome[]
): Violations {
  const what = 'a charge';
  return [
    ...expected(what, evidence, ...allowed),
    ...truth(what, evidence, bench.moved(attempt), attempt.amount),
  ];
}

/** An enquiry after the declared lag, against the ledger. */
export async function enquiryIs(
  bench: Bench,
  attempt: Attempt,
  ...allowed: readonly Outcome[]
): Promise<Violations> {
  await bench.pass(bench.sheet.enquiryLagMs);
  const evidence = await bench.enquire(attempt);
  const what = 'a charge, by enquiry,';
  return [
    ...expected(what, evidence, ...allowed),
    ...truth(what, evidence, bench.moved(attempt), attempt.amount),
  ];
}

function movedOnce(bench: Bench, attempt: Attempt): Violations {
  const { length } = bench.moved(attempt);
  return unless(length === 1, `money has moved ${length} times for one charge`);
}

async function success(bench: Bench, words: string, ...allowed: Outcome[]): Promise<Violations> {
  const attempt = bench.attempt(words);
  const evidence = await bench.charge(attempt);
  return [
    ...chargeIs(bench, attempt, evidence, 'succeeded', ...allowed),
    ...movedOnce(bench, attempt),
    ...(await enquiryIs(bench, attempt, 'succeeded')),
  ];
}

/** Charged, and the answer is lost: unknown until an enquiry tells, and one charge however often it is sent. */
async function lost(bench: Bench, words: string): Promise<Violations> {
  const attempt = bench.attempt(words);
  const answer = await bench.charge(attempt);
  const found = [
    ...chargeIs(bench, attempt, answer, 'unknown').map((sentence) => `${words}: ${sentence}`),
    ...movedOnce(bench, attempt),
    ...(await enquiryIs(bench, attempt, 'succeeded')),
  ];
  const again = await bench.charge(attempt);
  return [
    ...found,
    ...chargeIs(bench, attempt, again, 'unknown', 'succeeded').map(
      (sentence) => `again: ${sentence}`,
    ),
    ...movedOnce(bench, attempt),
  ];
}

const losing = (words: string): Check => ({ run: (bench) => lost(bench, words) });

/** Declined or paid later: nothing is known until then, and nothing has moved. */
async function pending(bench: Bench, words: string, end: Outcome): Promise<Violations> {
  const attempt = bench.attempt(words);
  const answer = await bench.charge(attempt);
  const found = [
    ...chargeIs(bench, attempt, answer, 'pending'),
    ...(await enquiryIs(bench, attempt, 'pending')),
  ];
  await bench.pass(10 * 60_000);
  return [...found, ...(await enquiryIs(bench, attempt, end))];
}

async function declines(bench: Bench): Promise<Violations> {
  const found: string[] = [];
  for (const [word, reason] of Object.entries(bench.harness.declines)) {
    const attempt = bench.attempt(`decline_${word}`);
    const answers = [await bench.charge(attempt)];
    await bench.pass(bench.sheet.enquiryLagMs);
    answers.push(await bench.enquire(attempt));
    const rawReason = reason === 'unknown' ? word : null;
    for (const answer of answers) {
      found.push(...declinedAs(answer, word, { reason, rawReason }));
    }
    found.push(...unless(bench.moved(attempt).length === 0, `${word}: declined, and money moved`));
  }
  return found;
}

/** An answer may leave open what an enquiry tells; neither may call it anything else. */
function declinedAs(
  evidence: ChargeEvidence,
  word: string,
  { reason, rawReason }: { reason: string; rawReason: string | null },
): Violations {
  if (evidence.outcome !== 'declined') {
    return expected(`a charge declined with ${word}`, evidence, 'declined');
  }
  const same = evidence.reason === reason && evidence.rawReason === rawReason;
  const told = `${evidence.reason}, ${evidence.rawReason}`;
  return unless(same, `${word} is told as ${told}, not as ${reason}, ${rawReason}`);
}

async function turnedAway(bench: Bench): Promise<Violations> {
  const attempt = bench.attempt('503_before');
  const first = await bench.charge(attempt);
  const found = [
    ...chargeIs(bench, attempt, first, 'not_sent'),
    ...(await enquiryIs(bench, attempt, 'not_found')),
  ];
  const again = await bench.charge(attempt);
  return [...found, ...chargeIs(bench, attempt, again, 'succeeded'), ...movedOnce(bench, attempt)];
}

async function secondTime(bench: Bench): Promise<Violations> {
  const [word = ''] = Object.keys(bench.harness.declines);
  const first = bench.attempt(`decline1_${word}`);
  const declined = await bench.charge(first);
  // The same card, a new attempt: as on the next day.
  const at = await bench.pass(24 * 3_600_000);
  const paymentMethod = bench.harness.card(`decline1_${word}_1`);
  const second = bench.attempt('ok');
  const { reference, amount } = second;
  const body = bench.sheet.chargeBody({ reference, amount, paymentMethod, at });
  const paid = await bench.charge({ ...second, body });
  return [
    ...chargeIs(bench, first, declined, 'declined'),
    ...chargeIs(bench, second, paid, 'succeeded'),
    ...movedOnce(bench, second),
  ];
}

async function ownWords(bench: Bench): Promise<Violations> {
  const found: string[] = [];
  for (const words of bench.harness.losses ?? []) found.push(...(await lost(bench, words)));
  for (const words of bench.harness.hurdles ?? []) found.push(...(await success(bench, words)));
  return found;
}

async function nobodyKnows(bench: Bench): Promise<Violations> {
  const attempt = bench.attempt('ok');
  return enquiryIs(bench, attempt, 'not_found');
}

async function fiftyAtOnce(bench: Bench): Promise<Violations> {
  const attempts = Array.from({ length: 50 }, () => bench.attempt('ok'));
  const found: string[] = [];
  for (let first = 0; first < attempts.length; ) {
    await bench.turn();
    const more = Math.min(attempts.length - first - 1, bench.provider.pace.available());
    await bench.turn(more);
    const now = attempts.slice(first, first + more + 1);
    const answers = await Promise.all(now.map((attempt) => bench.provider.charge(attempt)));
    for (const [n, attempt] of now.entries()) {
      const evidence = answers[n];
      if (evidence) found.push(...chargeIs(bench, attempt, evidence, 'succeeded'));
    }
    first += now.length;
  }
  return found;
}

export const charges: Checks = {
  'a charge that succeeds is told as one, and found': { run: (bench) => success(bench, 'ok') },
  'a decline has one name, in the answer and by enquiry, and moves nothing': { run: declines },
  'a card that was declined once pays by another attempt': { run: secondTime },
  'charged and never answered is unknown': { silence: true, ...losing('hang') },
  'charged and the connection reset is unknown': losing('reset_after'),
  'charged and answered with a server error is unknown': losing('500_after'),
  'charged and answered with an error page is unknown': losing('html'),
  'charged and half an answer is unknown': losing('truncated'),
  'charged and answered a byte at a time is not taken for anything else': {
    silence: true,
    run: (bench) => success(bench, 'slow', 'unknown'),
  },
  'refused before any work is not sent, and goes through when sent again': { run: turnedAway },
  'accepted and paid later is pending until then': {
    run: (bench) => pending(bench, 'pending_ok', 'succeeded'),
  },
  'accepted and declined later is pending until then': {
    run: (bench) =>
      pending(bench, `pending_decline_${Object.keys(bench.harness.declines)[0]}`, 'declined'),
  },
  'without a webhook an enquiry tells all the same': {
    run: (bench) => success(bench, 'no_webhook_ok'),
  },
  'what the provider does on top of all that is lost or overcome in the same way': {
    appliesTo: ({ losses = [], hurdles = [] }) => losses.length + hurdles.length > 0,
    run: ownWords,
  },
  'what was never sent is not found': { run: nobodyKnows },
  'fifty charges at once all end as they did': { run: fiftyAtOnce },
};
