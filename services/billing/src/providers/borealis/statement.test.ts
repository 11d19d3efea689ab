import { parseInstant } from '@perennial/calendar';
import { createHttpClient } from '@perennial/service';
import { openProvider } from '../../../test/open-provider';
import { coded, ScriptedBank } from '../../../test/scripted-bank';
import type { Script } from '../../../test/scripted-server';
import type { Provider } from '../provider';
import { adapter } from '.';

const http = createHttpClient();
const bank = new ScriptedBank();
let BOREALIS_URL: string;
let borealis: Provider;
beforeAll(async () => {
  BOREALIS_URL = await bank.listen();
});
beforeEach(() => {
  const BOREALIS_API_SECRET = 's'.repeat(24);
  const env = { BOREALIS_URL, BOREALIS_PARTNER_CODE: 'PRN', BOREALIS_API_SECRET };
  borealis = openProvider(adapter, { http, env, timeoutMs: 500 });
  bank.asked.length = 0;
});
afterAll(async () => {
  http.close();
  await bank.close();
});

const window = {
  from: parseInstant('2026-01-05T06:00:00Z'),
  to: parseInstant('2026-01-06T06:00:00Z'),
};
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const entry = (n: number, more: object = {}) => ({
  ...{ txnNo: `T${n}`, extRef: `f${n}`, st: 'A', sum: '12.50', ccy: 'GBP' },
  ...{ revs: [] as object[], updTs: 1_767_592_800, ...more },
});
const pages = (page: number, of: number, ...entries: object[]) =>
  coded('00', { page, pages: of, entries });

test('each charge is followed by its reversals, and each says how it ended', async () => {
  const revs = [
    { revNo: 'R1', extRef: 'e1', sum: '2.50', st: 'A' },
    { revNo: 'R2', extRef: null, sum: '1.00', st: 'P' },
  ];
  bank.answer = pages(
    1,
    1,
    entry(1, { revs }),
    entry(2, { st: 'D', rsn: 'INSUFF' }),
    entry(3, { st: 'U', extRef: null }),
  );
  const refund = { kind: 'refund', paymentReference: 'T1' };
  expect(await borealis.list(window, null)).toEqual({
    outcome: 'listed',
    next: null,
    items: [
      {
        ...{ kind: 'charge', providerReference: 'T1', reference: 'f1', amount: gbp(1250) },
        evidence: { outcome: 'succeeded', providerReference: 'T1', amount: gbp(1250) },
      },
      {
        ...{ ...refund, providerReference: 'R1', reference: 'e1', amount: gbp(250) },
        evidence: { outcome: 'succeeded', providerReference: 'R1', amount: gbp(250) },
      },
      {
        ...{ ...refund, providerReference: 'R2', reference: null, amount: gbp(100) },
        evidence: { outcome: 'pending', providerReference: 'R2' },
      },
      {
        ...{ kind: 'charge', providerReference: 'T2', reference: 'f2', amount: gbp(1250) },
        evidence: {
          ...{ outcome: 'declined', reason: 'insufficient_funds', rawReason: null },
          providerReference: 'T2',
        },
      },
      {
        ...{ kind: 'charge', providerReference: 'T3', reference: null, amount: gbp(1250) },
        evidence: { outcome: 'unknown', detail: 'the bank does not know yet' },
      },
    ],
  });
});

test('page after page, to the last', async () => {
  bank.answer = ({ body }) => {
    const { page } = JSON.parse(body);
    return pages(page, 3, entry(page));
  };
  const seen: (string | undefined)[] = [];
  let cursor: string | null = null;
  do {
    const listing = await borealis.list(window, cursor);
    if (listing.outcome === 'failed') throw new Error(listing.detail);
    seen.push(...listing.items.map(({ providerReference }) => providerReference));
    cursor = listing.next;
  } while (cursor !== null);
  expect(seen).toEqual(['T1', 'T2', 'T3']);
  expect(bank.business.map(({ body }) => JSON.parse(body).page)).toEqual([1, 2, 3]);
});

test('a day without a charge has no pages', async () => {
  bank.answer = pages(1, 0);
  expect(await borealis.list(window, null)).toEqual({ outcome: 'listed', items: [], next: null });
});

test.each([
  ['2026-01-05T06:00:00.000Z', '2026-01-06T06:00:00.000Z', 1_767_592_800, 1_767_679_200],
  ['2026-01-05T06:00:00.999Z', '2026-01-06T06:00:00.001Z', 1_767_592_800, 1_767_679_201],
])('from %s to %s the bank is asked for whole seconds', async (from, to, fromTs, toTs) => {
  bank.answer = pages(1, 1);
  await borealis.list({ from: parseInstant(from), to: parseInstant(to) }, null);
  expect(JSON.parse(bank.business[0]?.body ?? '')).toEqual({ fromTs, toTs, page: 1 });
});

// biome-ignore format: a table
test.each<[string, Script, string, number | null]>([
  ['never comes',                   'hang',                                          'timed out', null],
  ['is a page of HTML',             { body: '<html></html>' },                       'answered 200', null],
  ['is another page than asked for', pages(2, 2, entry(1)),                          'answered 200', null],
  ['has one entry that is unreadable', pages(1, 1, entry(1), entry(2, { sum: '1,250.00' })), 'answered 200', null],
  ['is 25',                         coded('25'),                                     'answered 200', null],
  ['is 96',                         coded('96'),                                     'malfunction', null],
  ['is 500',                        { status: 500 },                                 'answered 500', null],
  ['asks us to wait',               coded('29', { waitSec: 7 }),                     'asked us to slow down', 7_000],
])('a page that %s is no page', async (_, script, detail, waitMs) => {
  bank.answer = script;
  expect(await borealis.list(window, null)).toEqual({ outcome: 'failed', detail, waitMs });
});
