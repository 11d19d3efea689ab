import { decimalText, type Money } from '@perennial/contracts';
import type { Bench } from '../bench';
import type { Checks } from '../check';
import { expected, unless, type Violations } from '../violations';
import { chargeIs, enquiryIs } from './charges';

const SUMS: readonly Money[] = [
  { amountMinor: 1250, currency: 'GBP' },
  { amountMinor: 29, currency: 'GBP' },
  { amountMinor: 1250, currency: 'JPY' },
  { amountMinor: 1250, currency: 'KWD' },
  { amountMinor: 123_456_789, currency: 'EUR' },
];

async function amounts(bench: Bench): Promise<Violations> {
  const found: string[] = [];
  for (const amount of SUMS) {
    const attempt = bench.attempt('ok', amount);
    found.push(...written(bench, attempt.body, amount));
    const evidence = await bench.charge(attempt);
    found.push(...chargeIs(bench, attempt, evidence, 'succeeded'));
    found.push(...(await enquiryIs(bench, attempt, 'succeeded')));
    if (evidence.outcome === 'succeeded') {
      found.push(...(await goesBack(bench, evidence.providerReference, amount)));
    }
  }
  return found;
}

async function goesBack(
  bench: Bench,
  paymentReference: string,
  { amountMinor, currency }: Money,
): Promise<Violations> {
  const part = { amountMinor: amountMinor - 1, currency };
  const refund = bench.refundOf(paymentReference, part);
  const found = written(bench, refund.request?.body ?? '', part);
  await bench.refund(refund, paymentReference);
  const [moved] = bench.movedBack(refund);
  const went = `${moved?.amount} ${moved?.currency}`;
  const same = moved?.amount === part.amountMinor && moved.currency === currency;
  return [...found, ...unless(same, `${part.amountMinor} ${currency} went back as ${went}`)];
}

/** Minor units are a whole number, decimals a text: never a number with a point. */
function written(bench: Bench, body: string, amount: Money): Violations {
  const values: unknown[] = Object.values(JSON.parse(body));
  const declared = bench.sheet.amounts;
  const wanted = declared === 'decimals' ? decimalText(amount) : amount.amountMinor;
  const sum = `${amount.amountMinor} ${amount.currency}`;
  return unless(values.includes(wanted), `${sum} is not written in ${declared}: ${body}`);
}

async function references(bench: Bench): Promise<Violations> {
  const { referenceLength } = bench.sheet;
  const ofLength = (length: number) => '0123456789abcdef'.repeat(length / 16 + 1).slice(0, length);
  const longest = bench.attempt('ok', undefined, { reference: ofLength(referenceLength) });
  const evidence = await bench.charge(longest);
  const tooLong = bench.attempt('ok', undefined, { reference: ofLength(referenceLength + 1) });
  const refused = await bench.charge(tooLong);
  return [
    ...expected('a charge with the longest reference', evidence, 'succeeded'),
    ...(await enquiryIs(bench, longest, 'succeeded')),
    ...expected('a charge with a reference too long', refused, 'refused'),
    ...unless(bench.moved(tooLong).length === 0, 'a reference too long was charged'),
  ];
}

/** One key has one body for ever: the same facts are written in the same way, at any later time. */
async function bodies(bench: Bench): Promise<Violations> {
  const { attempt } = await bench.charged();
  const { reference, amount, startedAt: at } = attempt;
  const facts = { reference, amount, paymentMethod: bench.harness.card('ok_1'), at };
  const write = () => bench.sheet.chargeBody(facts);
  const first = write();
  await bench.pass(24 * 3_600_000);
  const other = bench.sheet.chargeBody({ ...facts, paymentMethod: bench.harness.card('ok_2') });
  return [
    ...unless(write() === first, 'a body depends on when it is written'),
    ...unless(first === attempt.body, 'a body is not what was sent'),
    ...unless(other !== first, 'a body does not tell cards apart'),
  ];
}

export const sheet: Checks = {
  'amounts are written as declared, and move exactly, whatever the currency': { run: amounts },
  'references are taken up to the declared length, and no longer': { run: references },
  'a body follows from its facts alone': { run: bodies },
};
