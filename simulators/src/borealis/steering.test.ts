import { ORDER, RunningBorealis } from '../../test/running-borealis';

let bank: RunningBorealis;
beforeEach(async () => {
  bank = await RunningBorealis.start();
});
afterEach(() => bank.stop());

const sim = (call: string, body: object = {}) => bank.ask(`/_sim/${call}`, body);
const told = () => bank.receiver.items;
const ledger = () => bank.borealis.ledger();

// biome-ignore format: a table
test.each([
  ['ct_ok',           'expired',   'E', 1],
  ['ct_ok',           'cancelled', 'C', 1],
  ['ct_no_webhook',   'expired',   'E', 1],
  ['ct_dup_webhook',  'expired',   'E', 3],
])('card-unavailable tells that %s is %s: %s, %i times', async (cardToken, cause, why, times) => {
  const { status, json } = await sim('card-unavailable', { paymentMethod: cardToken, cause });
  expect(status).toBe(202);
  await bank.pass(0);
  expect(told()).toHaveLength(times);
  for (const { evNo, ...item } of told()) {
    expect(String(evNo)).toBe(json['id']);
    expect(item).toEqual({ evType: 'CARD_DEAD', cardToken, why, evTs: bank.nowTs });
  }
});

test.each([
  ['our reference', () => 'ref1'],
  ['the number of the bank', (txnNo: unknown) => txnNo],
])(
  'refund takes %s and minor units, and is a refund that we did not start',
  async (_, referenceOf) => {
    const { txnNo } = (await bank.charge('ct_ok')).json;
    const order = { reference: referenceOf(txnNo), amount: 250, reason: 'fraudulent' };
    const refund = { paymentId: txnNo, merchantReference: null, amount: 250 };
    const { status, json } = await sim('refund', order);
    expect({ status, json }).toMatchObject({ status: 201, json: refund });
    await bank.pass(0);
    const { id: revNo } = json;
    expect(told().at(-1)).toMatchObject({
      ...{ evType: 'REV_OK', revNo, txnNo, extRef: null, sum: '2.50', ccy: 'GBP' },
      ...{ rsnCode: 'FRAUD', seq: 3 },
    });
    expect(ledger().refunds).toMatchObject([refund]);
  },
);

test('refund without an amount gives back all that is left, for a reason of one’s own', async () => {
  const { txnNo } = (await bank.charge('ct_ok')).json;
  await bank.reverse(txnNo, { sum: '10.00' });
  const answer = await sim('refund', { reference: 'ref1', reason: 'goodwill' });
  expect(answer).toMatchObject({ status: 201, json: { amount: 250 } });
  await bank.pass(0);
  expect(told().at(-1)).toMatchObject({ evType: 'REV_OK', sum: '2.50', rsnCode: 'goodwill' });
});

test('what is done in the dashboard with a card of dup_webhook is told three times', async () => {
  await bank.charge('ct_dup_webhook');
  await bank.pass(0);
  await sim('refund', { reference: 'ref1', reason: 'duplicate' });
  await bank.pass(0);
  expect(told().filter(({ evType }) => evType === 'REV_OK')).toHaveLength(3);
});

// biome-ignore format: a table
test.each([
  ['card-unavailable', { paymentMethod: 'ct_ok', cause: 'eaten' },                   400],
  ['refund',           { reference: 'ref1', amount: 1251, reason: 'duplicate' },     400],
  ['refund',           { reference: 'ref1', amount: 12.5, reason: 'duplicate' },     400],
  ['refund',           { reference: 'nobody', reason: 'duplicate' },                 404],
  ['faults',           { seed: 1, rates: { '500_after': 2 } },                       400],
  ['faults',           { seed: 1, rates: { earthquake: 1 } },                        400],
  ['faults',           { rates: {} },                                                400],
])('%s refuses %j', async (call, body, status) => {
  await bank.charge('ct_ok');
  expect((await sim(call, body)).status).toBe(status);
});

async function answersUnder(seed: number, rates: object): Promise<unknown[]> {
  await sim('reset');
  await bank.logIn();
  expect((await sim('faults', { seed, rates })).status).toBe(204);
  const said = [];
  for (let count = 0; count < 30; count += 1) {
    const { status, json } = await bank.charge(`ct${count}`, { extRef: `ref${count}` });
    said.push(json['rc'] ?? status);
    if (json['rc'] === '93') await bank.logIn();
  }
  return said;
}

test('faults strike at random, and the same way again under the same seed', async () => {
  const rates = {
    '500_after': 0.2,
    '503_before': 0.2,
    '429': 0.2,
    '96': 0.2,
    session_loss: 0.2,
  };
  const first = await answersUnder(7, rates);
  expect(new Set(first)).toEqual(new Set(['00', 500, 503, '29', '96', '93']));
  const charged = first.filter((said) => said === '00' || said === 500 || said === '96');
  expect(ledger().charges).toHaveLength(charged.length);
  expect(await answersUnder(7, rates)).toEqual(first);
  expect(await answersUnder(8, rates)).not.toEqual(first);
});

// biome-ignore format: a table
test.each([
  ['503_before',   503,  0],
  ['429',          '29', 0],
  ['96_before',    '96', 0],
  ['96',           '96', 30],
  ['unknown_st',   '00', 30],
  ['session_loss', '93', 0],
])('%s at a rate of one strikes always, of none never', async (fault, said, charged) => {
  expect(new Set(await answersUnder(1, { [fault]: 1 }))).toEqual(new Set([said]));
  expect(ledger().charges).toHaveLength(charged);
  expect(new Set(await answersUnder(1, { [fault]: 0 }))).toEqual(new Set(['00']));
});

test.each(['charge', 'reverse', 'enquire', 'statement'])(
  'session_loss at random ends the session of any call: %s',
  async (call) => {
    await sim('faults', { seed: 1, rates: { session_loss: 1 } });
    expect((await bank.ask(`/api/${call}`, {})).json).toEqual({ rc: '93' });
    await sim('faults', { seed: 1, rates: {} });
    expect((await bank.ask(`/api/${call}`, {})).json).toEqual({ rc: '93' });
    await bank.logIn();
    expect((await bank.ask(`/api/${call}`, {})).json).toEqual({ rc: '30' });
  },
);

test('random faults strike reversals and webhooks too', async () => {
  const { txnNo } = (await bank.charge('ct_ok')).json;
  await bank.pass(0);
  bank.borealis.setFaults(1, { '500_after': 1, dup_webhook: 1 });
  expect((await bank.reverse(txnNo)).status).toBe(500);
  await bank.pass(0);
  expect(ledger().refunds).toHaveLength(1);
  expect(told().filter(({ evType }) => evType === 'REV_OK')).toHaveLength(3);
});

test('requests shows what was asked of the bank, and nothing else', async () => {
  await bank.charge('ct_ok');
  await bank.enquire();
  const { data } = await bank.look('/_sim/requests');
  const at = '2026-01-05T06:00:00.000Z';
  const method = 'POST';
  expect(data).toEqual([
    {
      method,
      path: '/api/session',
      body: expect.objectContaining({ partnerCode: 'PERENNIAL' }),
      at,
    },
    { method, path: '/api/charge', body: { ...ORDER, cardToken: 'ct_ok' }, at },
    { method, path: '/api/enquire', body: { extRef: 'ref1' }, at },
  ]);
});

test('ledger shows the money that moved, and no other, in minor units', async () => {
  await bank.charge('ct_500_after', { extRef: 'a' });
  await bank.charge('ct_500_after', { extRef: 'a' });
  await bank.charge('ct_decline_DNH', { extRef: 'b' });
  await bank.charge('ct_pending_ok', { extRef: 'c' });
  const { txnNo } = (await bank.charge('ct_ok', { extRef: 'd', sum: '1250', ccy: 'JPY' })).json;
  await bank.reverse(txnNo, { sum: '250' });
  await bank.reverse(txnNo, { sum: '1250' });
  expect(await bank.look('/_sim/ledger')).toMatchObject({
    charges: [
      { merchantReference: 'a', amount: 1250, currency: 'GBP', paymentMethod: 'ct_500_after' },
      { id: txnNo, merchantReference: 'd', amount: 1250, currency: 'JPY' },
    ],
    refunds: [{ paymentId: txnNo, amount: 250, currency: 'JPY' }],
  });
});

test('a second charge that slips in is in the ledger, and nobody is told', async () => {
  expect(() => bank.borealis.slipSecondCharge()).toThrow('nothing has been charged');
  const { txnNo } = (await bank.charge('ct_ok')).json;
  await bank.pass(0);
  const slipped = bank.borealis.slipSecondCharge();
  await bank.pass(0);
  expect(slipped).toMatchObject({ merchantReference: 'ref1', amount: 1250 });
  expect(ledger().charges.map(({ id }) => id)).toEqual([txnNo, slipped.id]);
  expect(told()).toHaveLength(1);
  expect(await bank.enquire({ txnNo: slipped.id })).toEqual({ rc: '25' });
});

test('reset forgets everything but the numbers that were given', async () => {
  bank.receiver.answer = () => ({ status: 500 });
  const { txnNo } = (await bank.charge('ct_decline1_DNH')).json;
  await bank.charge('ct_503_before', { extRef: 'a' });
  await bank.charge('ct_pending_ok', { extRef: 'b' });
  await bank.reverse((await bank.charge('ct_ok', { extRef: 'c' })).json['txnNo'], {
    extRef: 'back',
  });
  bank.borealis.slipSecondCharge();
  await bank.pass(0);
  await bank.charge('ct_ok', { extRef: 'd' });
  await sim('faults', { seed: 1, rates: { '429': 1 } });
  const { batches } = bank.receiver;
  const evNo = Number(batches.at(-1)?.items.at(-1)?.['evNo']);
  expect((await sim('reset')).status).toBe(204);
  expect((await bank.look('/_sim/requests'))['data']).toEqual([]);
  expect((await bank.enquire({ extRef: 'c' }))['rc']).toBe('93');
  const count = batches.length;
  await bank.pass(3_600_000);
  expect(batches).toHaveLength(count);
  expect(ledger()).toEqual({ charges: [], refunds: [] });
  await bank.logIn();
  const { json } = await bank.charge('ct_decline1_DNH');
  expect(json).toMatchObject({ rc: '05' });
  expect(json['txnNo']).not.toBe(txnNo);
  expect((await bank.charge('ct_503_before', { extRef: 'a' })).status).toBe(503);
  const paid = (await bank.charge('ct_ok', { extRef: 'e' })).json['txnNo'];
  expect((await bank.reverse(paid, { extRef: 'back' })).json).toMatchObject({ rc: '00' });
  await bank.pass(0);
  expect(Number(batches.at(-1)?.items[0]?.['evNo'])).toBeGreaterThan(evNo);
});
