import { until } from '@perennial/testing';
import { ORDER, RunningBorealis } from '../../test/running-borealis';

let bank: RunningBorealis;
beforeEach(async () => {
  bank = await RunningBorealis.start();
});
afterEach(() => bank.stop());

const MINUTE_MS = 60_000;
const charges = () => bank.borealis.ledger().charges;
const pay = (cardToken: string) => bank.send('/api/charge', { ...ORDER, cardToken });

async function saidTo(asked: Promise<Response>): Promise<string> {
  try {
    const response = await asked;
    const type = response.headers.get('content-type')?.split(';')[0];
    return `${response.status} ${type} ${await response.text()}`;
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code ?? String(error);
  }
}

const CUT = /^ECONNRESET$|^UND_ERR_SOCKET$/;
// biome-ignore format: a table
const LOST: [string, RegExp][] = [
  ['reset_after', CUT],
  ['truncated',   CUT],
  ['500_after',   /^500 text\/html <html>/],
  ['html',        /^200 text\/html <html>/],
  ['96_after',    /^200 application\/json \{"rc":"96"\}$/],
];

test.each(LOST)('%s: the answer is lost, the money is not', async (word, expected) => {
  expect(await saidTo(pay(`ct_${word}_1`))).toMatch(expected);
  expect(charges()).toMatchObject([{ amount: 1250 }]);
  expect(await bank.enquire()).toMatchObject({ rc: '00', st: 'A' });
});

test.each(LOST)('%s is not kept: the same reference again is a duplicate', async (word) => {
  await saidTo(pay(`ct_${word}_1`));
  expect((await bank.charge(`ct_${word}_1`)).json).toEqual({ rc: '94' });
  expect(charges()).toHaveLength(1);
});

test('hang: charged, and no answer ever comes', async () => {
  const lost = pay('ct_hang').catch(() => 'closed');
  await until(() => charges().length === 1);
  expect((await bank.charge('ct_hang')).json).toEqual({ rc: '94' });
  const silence = Symbol();
  const wait = new Promise((resolve) => setTimeout(resolve, 300, silence));
  expect(await Promise.race([lost, wait])).toBe(silence);
});

test('slow: one byte after the other', async () => {
  const response = await pay('ct_slow');
  const first = await response.body?.getReader().read();
  expect(Buffer.from(first?.value ?? []).toString().length).toBeLessThan(20);
  expect(charges()).toHaveLength(1);
});

// biome-ignore format: a table
test.each([
  ['503_before', /^503 text\/html <html>/],
  ['96_before',  /^200 application\/json \{"rc":"96"\}$/],
])('%s: turned away once, without any work, and the reference stays free', async (word, expected) => {
  expect(await saidTo(pay(`ct_${word}`))).toMatch(expected);
  expect(charges()).toEqual([]);
  expect(await bank.enquire()).toEqual({ rc: '25' });
  expect((await bank.charge(`ct_${word}`)).json).toMatchObject({ rc: '00', st: 'A' });
  expect(charges()).toHaveLength(1);
});

// biome-ignore format: a table
test.each([
  ['ct_unknown_st',              'A', 1],
  ['ct_unknown_st_decline_DNH',  'D', 0],
  ['ct_unknown_st_pending_ok',   'P', 0],
])('%s: the bank does not know; an enquiry does', async (token, st, count) => {
  const { json } = await bank.charge(token);
  expect(json).toEqual({ rc: '00', txnNo: expect.any(String), st: 'U' });
  expect(await bank.enquire({ txnNo: json['txnNo'] })).toMatchObject({ rc: '00', st });
  expect(charges()).toHaveLength(count);
});

// biome-ignore format: a table
test.each([
  ['ct_webhook_first', 1, 1],
  ['ct_ok',            0, 1],
  ['ct_no_webhook',    0, 0],
  ['ct_dup_webhook',   0, 3],
])('%s: %i events before the answer, %i in all', async (token, before, all) => {
  expect((await bank.charge(token)).json).toMatchObject({ rc: '00' });
  expect(bank.receiver.items).toHaveLength(before);
  await bank.pass(0);
  await bank.pass(MINUTE_MS);
  expect(bank.receiver.items).toHaveLength(all);
});

test('numbers in a token strike by chance only where they are asked for at random', async () => {
  expect((await bank.charge('ct_ok_429_96')).json).toMatchObject({ rc: '00', st: 'A' });
});

/** The charge goes well; words behind `refund_` are about what goes back. */
async function reverseOf(token: string): Promise<Response> {
  const { json } = await bank.charge(token);
  expect(json).toMatchObject({ rc: '00', st: 'A' });
  const order = { extRef: 'back', origTxnNo: json['txnNo'], sum: '2.50', rsnCode: 'DUPL' };
  return bank.send('/api/reverse', order);
}
const refunds = () => bank.borealis.ledger().refunds;
const revs = async () => (await bank.enquire())['revs'];
const again = async () => {
  const { txnNo } = await bank.enquire();
  return (await bank.reverse(txnNo, { extRef: 'back', sum: '2.50' })).json;
};

test.each(LOST)('refund_%s: the answer is lost, the money went back', async (word, expected) => {
  const asked = reverseOf(`ct_ok_refund_${word}_1`);
  expect(await saidTo(asked)).toMatch(expected);
  expect(refunds()).toMatchObject([{ merchantReference: 'back', amount: 250 }]);
  expect(await revs()).toMatchObject([{ extRef: 'back', sum: '2.50', st: 'A' }]);
  expect(await again()).toEqual({ rc: '94' });
  expect(refunds()).toHaveLength(1);
});

// biome-ignore format: a table
test.each([
  ['503_before', /^503 text\/html <html>/],
  ['96_before',  /^200 application\/json \{"rc":"96"\}$/],
])('refund_%s: turned away once, without any work', async (word, expected) => {
  expect(await saidTo(reverseOf(`ct_ok_refund_${word}_1`))).toMatch(expected);
  expect(refunds()).toEqual([]);
  expect(await revs()).toEqual([]);
  expect(await again()).toMatchObject({ rc: '00', st: 'A' });
});

test('refund_session_loss: the session has ended, and nothing went back', async () => {
  expect(await saidTo(reverseOf('ct_ok_refund_session_loss'))).toContain('{"rc":"93"}');
  expect(refunds()).toEqual([]);
  await bank.logIn();
  expect(await again()).toMatchObject({ rc: '00', st: 'A' });
});

test('refund_unknown_st: the bank does not know; an enquiry does', async () => {
  expect(await saidTo(reverseOf('ct_ok_refund_unknown_st'))).toContain('"st":"U"');
  expect(await revs()).toMatchObject([{ st: 'A' }]);
});

test('refund_hang: the money went back, and no answer comes', async () => {
  const lost = reverseOf('ct_ok_refund_hang').catch(() => 'closed');
  await until(() => refunds().length === 1);
  expect(await again()).toEqual({ rc: '94' });
  await bank.stop();
  expect(await lost).toBe('closed');
});

test('refund_enquiry_lag: a charge is shown at once, what went back of it after 30 seconds', async () => {
  await saidTo(reverseOf('ct_ok_refund_enquiry_lag'));
  await bank.pass(29_999);
  expect(await revs()).toEqual([]);
  await bank.pass(1);
  expect(await revs()).toHaveLength(1);
});
