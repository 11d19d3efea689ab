import { randomUUID } from 'node:crypto';
import { parseInstant } from '@perennial/calendar';
import { type Running, runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

let running: Running;
let subscribers: ReturnType<typeof subscribersOf>;

beforeEach(async () => {
  running = await runBilling();
  subscribers = subscribersOf(running);
});
afterEach(() => running.stop());

const from = '2026-02-28T00:00:00.000Z';
const to = '2026-03-01T00:00:00.000Z';
const ASKED_AT = '2026-03-01T09:00:00.000Z';
const ask = (body: object = {}) =>
  running.call('POST', '/reconciliations', { body: { provider: 'aurora', from, to, ...body } });
const read = async (id: string) => (await running.call('GET', `/reconciliations/${id}`)).body;
const csv = async (id: string) =>
  String((await running.call('GET', `/reconciliations/${id}.csv`)).body).split('\r\n');

/** Somebody else charges at Aurora with our key. */
async function charge(merchantReference: string): Promise<void> {
  const headers = { Authorization: 'Bearer aurora-key', 'Idempotency-Key': randomUUID() };
  const order = { merchantReference, amount: 700, currency: 'GBP', paymentMethod: 'pm_x' };
  const url = `${running.auroraUrl}/v1/payments`;
  const { status } = await fetch(url, { method: 'POST', headers, body: JSON.stringify(order) });
  expect(status).toBe(201);
}

async function done(): Promise<string> {
  await running.until(ASKED_AT);
  const { body } = await ask();
  await running.until(ASKED_AT);
  return body.id;
}

test('it is accepted, carried out by the timer, and finds nothing where all agrees', async () => {
  await subscribers.many(3);
  await running.until(ASKED_AT);
  const { status, body } = await ask();
  const facts = { id: expect.any(String), provider: 'aurora', from, to, failure: null };
  const nothing = { autoFixed: 0, discrepancyCount: 0, discrepancies: [] };
  const times = { startedAt: ASKED_AT, finishedAt: null };
  const accepted = { ...facts, ...nothing, ...times, status: 'running', compared: 0 };
  expect([status, body]).toEqual([202, accepted]);
  expect(await read(body.id)).toEqual(body);
  await running.until(ASKED_AT);
  const over = { status: 'done', compared: 3, finishedAt: ASKED_AT };
  expect(await read(body.id)).toEqual({ ...body, ...over });
});

// biome-ignore format: a table
test.each<[string, object, string[]]>([
  ['a provider that is not in use',  { provider: 'nobody' },                 ['/provider']],
  ['an empty window',                { from: to },                           ['/to']],
  ['a window backwards',             { from: to, to: from },                 ['/to']],
  ['a window that is not over',      { to: '2026-03-01T09:00:00.001Z' },     ['/to']],
  ['all of that',                    { provider: 'x', from: '2027-01-02T00:00:00Z', to: '2027-01-01T00:00:00Z' }, ['/provider', '/to', '/to']],
  ['a date',                         { from: '2026-02-28' },                 ['/from']],
  ['a time without a zone',          { from: '2026-02-28T00:00:00' },        ['/from']],
  ['no end',                         { to: undefined },                      ['/to']],
  ['an unknown field',               { only: 'charges' },                    ['']],
])('%s is refused', async (_, body, pointers) => {
  await running.until(ASKED_AT);
  const answer = await ask(body);
  expect([answer.status, answer.body.code]).toEqual([422, 'invalid-input']);
  expect(answer.body.errors.map((error: { pointer: string }) => error.pointer)).toEqual(pointers);
  expect((await running.call('GET', '/reconciliations')).body.data).toEqual([]);
});

test('a window may end now, and say its times with an offset', async () => {
  await running.until(ASKED_AT);
  const { status, body } = await ask({ from: '2026-02-28T01:00:00+01:00', to: ASKED_AT });
  expect([status, body.from, body.to]).toEqual([202, from, ASKED_AT]);
});

test('a repeated Idempotency-Key starts it once', async () => {
  await running.until(ASKED_AT);
  const headers = { 'Idempotency-Key': randomUUID() };
  const again = () =>
    running.call('POST', '/reconciliations', { body: { provider: 'aurora', from, to }, headers });
  expect((await again()).body).toEqual((await again()).body);
  expect((await running.call('GET', '/reconciliations')).body.data).toHaveLength(1);
});

test('the window includes its first moment, and not its last', async () => {
  for (const at of ['2026-02-27T23:59:59.999Z', from, '2026-02-28T23:59:59.999Z', to]) {
    await running.clock.set(parseInstant(at));
    await charge(at);
  }
  const { discrepancies, compared } = await read(await done());
  const references = discrepancies.map((one: { details: { reference: string } }) => {
    return one.details.reference;
  });
  expect(references).toEqual([from, '2026-02-28T23:59:59.999Z']);
  expect(compared).toBe(2);
});

test('a discrepancy says what each side has; the CSV has it as a line', async () => {
  await running.clock.set(parseInstant(from));
  await charge('=HYPERLINK("x")');
  const id = await done();
  const [found] = (await read(id)).discrepancies;
  const details = {
    ...{ subject: 'charge', reference: '=HYPERLINK("x")', providerReference: expect.any(String) },
    ...{ status: null, amountMinor: null, currency: null },
    ...{ providerStatus: 'succeeded', providerAmountMinor: 700, providerCurrency: 'GBP' },
  };
  expect(found).toEqual({
    ...{ id: expect.any(String), kind: 'missing_here', state: 'open', provider: 'aurora' },
    ...{ paymentId: null, openedAt: ASKED_AT, note: null, details },
  });
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  expect(await csv(id)).toEqual([
    'id,kind,state,provider,paymentId,openedAt,note,subject,reference,providerReference,' +
      'status,providerStatus,amountMinor,currency,providerAmountMinor,providerCurrency,details',
    [
      ...[found.id, 'missing_here', 'open', 'aurora', '', ASKED_AT, ''],
      ...['charge', quoted(`'=HYPERLINK("x")`), found.details.providerReference],
      ...['', 'succeeded', '', '', '700', 'GBP', quoted(JSON.stringify(found.details))],
    ].join(','),
    '',
  ]);
});

test('of very many the first thousand are shown, and counted; the CSV has all', async () => {
  await running.clock.set(parseInstant(from));
  for (let n = 0; n < 1001; n += 1) await charge(`foreign ${n}`);
  const id = await done();
  const { discrepancies, discrepancyCount, compared } = await read(id);
  expect([discrepancies.length, discrepancyCount, compared]).toEqual([1000, 1001, 1001]);
  const lines = await csv(id);
  expect(lines).toHaveLength(1 + 1001 + 1);
  expect(new Set(lines).size).toBe(1003);
  const ids = discrepancies.map((found: { id: string }) => found.id);
  expect(lines.slice(1, 1001).map((line) => line.slice(0, 36))).toEqual(ids);
});

test('the CSV of nothing is its header', async () => {
  expect(await csv(await done())).toEqual([expect.stringMatching(/^id,kind,/), '']);
});

test.each(['', '.csv'])('one that does not exist is not found%s', async (form) => {
  for (const id of [randomUUID(), 'not-an-id']) {
    expect((await running.call('GET', `/reconciliations/${id}${form}`)).status).toBe(404);
  }
});

test('they are listed newest first, page by page, without what they found', async () => {
  const ids = [await done(), await done(), await done()].reverse();
  const first = (await running.call('GET', '/reconciliations?limit=2')).body;
  const second = await running.call('GET', `/reconciliations?cursor=${first.nextCursor}`);
  const { data, nextCursor } = second.body;
  expect([...first.data, ...data].map(({ id }) => id)).toEqual(ids);
  expect(nextCursor).toBeNull();
  const { discrepancies: _, discrepancyCount: __, ...summary } = await read(ids[0] ?? '');
  expect(first.data[0]).toEqual(summary);
});
