import { addMs, type Instant } from '@perennial/calendar';
import type { Listed } from '../../../src/providers/provider';
import { type Bench, TWELVE_FIFTY } from '../bench';
import type { Checks } from '../check';
import { sameMoney, unless, type Violations } from '../violations';

const MOST_PAGES = 20;
const MANY = 120;

/** All pages of a window; throws where one cannot be had. */
async function listed(bench: Bench, from: Instant, to: Instant): Promise<readonly Listed[]> {
  const items: Listed[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    await bench.turn();
    const listing = await bench.provider.list({ from, to }, cursor);
    if (listing.outcome === 'failed') throw new Error(`a page failed: ${listing.detail}`);
    items.push(...listing.items);
    if (listing.next === null) return items;
    cursor = listing.next;
  }
  throw new Error(`more than ${MOST_PAGES} pages`);
}

const charges = (items: readonly Listed[]) => items.filter(({ kind }) => kind === 'charge');

async function everyPage(bench: Bench): Promise<Violations> {
  const from = bench.clock.now();
  const references: string[] = [];
  for (let n = 0; n < MANY; n += 1) references.push((await bench.charged()).attempt.reference);
  const to = await bench.pass(60_000);
  const items = charges(await listed(bench, from, to)).map(({ reference }) => reference);
  return [
    ...unless(items.length === MANY, `${items.length} of ${MANY} charges are listed`),
    ...unless(new Set(items).size === items.length, 'a charge is listed twice'),
    ...unless(items.join() === references.join(), 'charges are not listed oldest first'),
  ];
}

/** The first moment of a window is in it, the last is in the next. */
async function edges(bench: Bench): Promise<Violations> {
  await bench.turn();
  const at = bench.clock.now();
  const { attempt } = await bench.charged();
  await bench.pass(60_000);
  const isIn = async (from: number, to: number) =>
    charges(await listed(bench, addMs(at, from), addMs(at, to))).some(
      ({ reference }) => reference === attempt.reference,
    );
  return [
    ...unless(await isIn(0, 1_000), 'a charge is not in the window that begins with it'),
    ...unless(!(await isIn(-1_000, 0)), 'a charge is in the window that ends with it'),
    ...unless(!(await isIn(1_000, 2_000)), 'a charge is in a window after it'),
    ...unless(!(await isIn(-86_400_000, -1_000)), 'a charge is in a window long before it'),
  ];
}

/** Each as it ended, with the provider's name, our name and its sum. */
async function asTheyEnded(bench: Bench): Promise<Violations> {
  const from = bench.clock.now();
  const [word = ''] = Object.keys(bench.harness.declines);
  const words = ['ok', 'pending_no_webhook_ok', `decline_${word}`, 'hang'];
  const attempts = words.map((one) => bench.attempt(one));
  for (const attempt of attempts) await bench.charge(attempt);
  const to = await bench.pass(60_000);
  const items = await listed(bench, from, to);
  const wanted = ['succeeded', 'pending', 'declined', 'succeeded'];
  return attempts.flatMap((attempt, n) => {
    const item = items.find(({ reference }) => reference === attempt.reference);
    if (!item) return [`${words[n]} is not listed`];
    const { evidence, amount } = item;
    return [
      ...unless(evidence.outcome === wanted[n], `${words[n]} is listed as ${evidence.outcome}`),
      ...sameMoney(`${words[n]}, as listed,`, amount, TWELVE_FIFTY),
    ];
  });
}

async function refundsToo(bench: Bench): Promise<Violations> {
  const from = bench.clock.now();
  const { attempt, paymentReference } = await bench.charged();
  const ours = bench.refundOf(paymentReference, { amountMinor: 250, currency: 'GBP' });
  await bench.refund(ours, paymentReference);
  await bench.steer('refund', { reference: attempt.reference, amount: 300, reason: 'duplicate' });
  const to = await bench.pass(60_000);
  const items = (await listed(bench, from, to)).filter(({ kind }) => kind === 'refund');
  const told = items.map((item) => ({
    ...{ reference: item.reference, amountMinor: item.amount.amountMinor },
    ...{ of: item.kind === 'refund' ? item.paymentReference : null },
    outcome: item.evidence.outcome,
  }));
  const of = { of: paymentReference, outcome: 'succeeded' };
  const wanted = [
    { reference: ours.request?.reference ?? '', amountMinor: 250, ...of },
    { reference: null, amountMinor: 300, ...of },
  ];
  const text = JSON.stringify(told);
  return unless(text === JSON.stringify(wanted), `refunds are listed as ${text}`);
}

export const lists: Checks = {
  'every page of the books is read, each charge once, oldest first': { run: everyPage },
  'a window begins with its first moment and ends before its last': { run: edges },
  'charges are listed as they ended': { silence: true, run: asTheyEnded },
  'refunds are listed with their charge, ours by our reference': { run: refundsToo },
};
