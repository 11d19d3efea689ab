import type { Cause } from '@perennial/contracts';
import { batchOf, cardDead, chargeFail, chargeOk, reversal } from '../../../test/bank';
import { parseStrictJson } from '../../door/strict-json';
import { readBatch } from './read-batch';

const cause: Cause = {
  ...{ actor: 'provider:borealis', trigger: 'request:r', correlationId: 'c', causationId: null },
  traceparent: '00-1-2-01',
};
const bytes = (batch: object) => Buffer.from(JSON.stringify(batch));
const read = (batch: object) =>
  readBatch(parseStrictJson(bytes(batch), { longIntegersAsText: true }));

function told(item: object) {
  const [reading] = read(batchOf([item]));
  if (reading?.kind !== 'usable') throw new Error(JSON.stringify(reading));
  return { reference: reading.reference, ...reading.announce(cause) };
}

const occurredAt = '2026-07-03T11:59:58.000Z';
const our = '0197d00000007000800000000000abcd';
const amount = { amountMinor: 1250, currency: 'GBP' };
const outcome = { reference: our, providerReference: 'TXN1', amount };

test('a charge that went through is told with our reference, and numbered by the bank', () => {
  expect(told(chargeOk({ evNo: 4711 }))).toEqual({
    ...{ type: 'provider.payment-outcome.v1', reference: our, subject: our, version: 3, cause },
    data: {
      ...{ provider: 'borealis', eventId: '4711', occurredAt, ...outcome },
      ...{ outcome: 'success', reason: null, rawReason: null },
    },
  });
});

test.each([
  ['INSUFF', 'insufficient_funds', null],
  ['51', 'insufficient_funds', null],
  ['EXPCARD', 'card_expired', null],
  ['54', 'card_expired', null],
  ['DNH', 'do_not_honor', null],
  ['05', 'do_not_honor', null],
  ['FRD', 'suspected_fraud', null],
  ['59', 'suspected_fraud', null],
  ['96', 'processing_error', null],
  ['14', 'unknown', '14'],
  ['insuff', 'unknown', 'insuff'],
  ['toString', 'unknown', 'toString'],
  ['4111111111111111', 'unknown', '****************'],
])('a charge that failed because of %s: %s', (rsn, reason, rawReason) => {
  const { data } = told(chargeFail(rsn));
  expect(data).toMatchObject({ ...outcome, outcome: 'failure', reason, rawReason });
});

test.each([
  ['REV_OK', 'CUST', 'success', 'requested_by_customer', null],
  ['REV_OK', 'DUPL', 'success', 'duplicate', null],
  ['REV_FAIL', 'FRAUD', 'failure', 'fraudulent', null],
  ['REV_FAIL', 'NOSVC', 'failure', 'service_not_provided', null],
  ['REV_OK', 'GOODWILL', 'success', 'unknown', 'GOODWILL'],
] as const)('%s because of %s is a %s: %s', (evType, rsnCode, result, reason, rawReason) => {
  expect(told(reversal(evType, { evNo: '12', rsnCode }))).toEqual({
    ...{ type: 'provider.refund.v1', reference: our, subject: 'TXN1', version: 3, cause },
    data: {
      ...{ provider: 'borealis', eventId: '12', occurredAt, outcome: result, reference: our },
      ...{ providerReference: 'REV1', paymentProviderReference: 'TXN1', amount },
      ...{ reason, rawReason },
    },
  });
});

test("a refund of the bank's own has no reference of ours, and is found by the charge's", () => {
  const refund = told(reversal('REV_OK', { extRef: null }));
  expect(refund).toMatchObject({ reference: 'TXN1', data: { reference: null } });
});

test.each([
  ['E', 'expired'],
  ['C', 'cancelled'],
])('a card that is dead because of %s is %s, and ordered by its time', (why, expected) => {
  expect(told(cardDead(why, { evNo: 9 }))).toEqual({
    ...{ type: 'provider.card-unavailable.v1', reference: 'ct_1', subject: 'ct_1', cause },
    version: Date.parse(occurredAt),
    data: {
      ...{ provider: 'borealis', eventId: '9', occurredAt },
      ...{ paymentMethod: 'ct_1', cause: expected },
    },
  });
});

test.each([
  ['a number', '17', '17'],
  ['a text', '"17"', '17'],
  ['a text with zeros in front', '"0017"', '0017'],
  ['zero', '0', '0'],
  ['the last integer that a number holds', '9007199254740991', '9007199254740991'],
  ['a longer number, digit by digit', '9007199254740993', '9007199254740993'],
  ['its neighbour', '9007199254740992', '9007199254740992'],
  ['a very long number', '123456789012345678901234567890', '123456789012345678901234567890'],
])('an event number that is %s', (_, literal, eventId) => {
  const text = JSON.stringify(batchOf([chargeOk({ evNo: 'HERE' })])).replace('"HERE"', literal);
  const body = parseStrictJson(Buffer.from(text), { longIntegersAsText: true });
  expect(readBatch(body)).toMatchObject([{ kind: 'usable', eventId }]);
});

test('an event is the same in whatever batch, and however its number is written', () => {
  const item = chargeOk({ evNo: 17 });
  const contents = [batchOf([item]), batchOf([chargeOk(), { ...item, evNo: '17' }], { sentTs: 9 })]
    .map((batch) => read(batch).at(-1)?.content)
    .map((content) => JSON.stringify(content));
  expect(contents[0]).toBe(contents[1]);
});

test('each item can be read alone', () => {
  const items = [chargeOk(), chargeFail(), { evNo: 1 }, { evNo: 2, evType: 'NEWS' }, cardDead('E')];
  for (const { body, ...reading } of read(batchOf(items))) {
    const [alone, ...more] = readBatch(body ?? null);
    expect({ ...alone, announce: null, problems: null }).toEqual({
      ...{ ...reading, body, announce: null, problems: null },
    });
    expect(more).toEqual([]);
  }
});

test('more than we know is not passed on', () => {
  expect(JSON.stringify(told(chargeOk({ iban: 'DE02' })).data)).not.toContain('DE02');
});

test.each<[string, object, string]>([
  ['a fraction for its number', chargeOk({ evNo: 1.5 }), '/evNo'],
  ['a negative number', chargeOk({ evNo: -1 }), '/evNo'],
  ['no digits for its number', chargeOk({ evNo: '1a' }), '/evNo'],
  ['no type', chargeOk({ evType: undefined }), '/evType'],
  ['a type that is too long', chargeOk({ evType: 'X'.repeat(65) }), '/evType'],
  ['a number for the transaction', chargeOk({ txnNo: 7 }), '/txnNo'],
  ['a transaction that is not ASCII', chargeOk({ txnNo: 'TXN-é' }), '/txnNo'],
  ['no reference of ours', chargeOk({ extRef: null }), '/extRef'],
  ['a reference of 33 characters', chargeOk({ extRef: 'a'.repeat(33) }), '/extRef'],
  ['a reference with a dash', chargeOk({ extRef: 'a-b' }), '/extRef'],
  ['a number for the sum', chargeOk({ sum: 12.5 }), '/sum'],
  ['true for the sum', chargeOk({ sum: true }), '/sum'],
  ['a sum with an exponent', chargeOk({ sum: '1e3' }), '/sum'],
  ['a sum with too many decimals', chargeOk({ sum: '1.005' }), '/sum'],
  ['yen with decimals', chargeOk({ ccy: 'JPY' }), '/sum'],
  ['no currency of this world', chargeOk({ ccy: 'ABC' }), '/ccy'],
  ['a reason in a success', chargeOk({ rsn: 'DNH' }), '/rsn'],
  ['no reason in a failure', chargeFail('x', { rsn: undefined }), '/rsn'],
  ['an empty reason in a failure', chargeFail(''), '/rsn'],
  ['a text for the time', chargeOk({ evTs: '1783080000' }), '/evTs'],
  ['milliseconds for seconds', chargeOk({ evTs: 1783080000000 }), '/evTs'],
  ['a time before all time', chargeOk({ evTs: -1 }), '/evTs'],
  ['half a second', chargeOk({ evTs: 1783080000.5 }), '/evTs'],
  ['no sequence number', chargeOk({ seq: null }), '/seq'],
  ['no reversal number', reversal('REV_OK', { revNo: undefined }), '/revNo'],
  ['no word on the reference', reversal('REV_OK', { extRef: undefined }), '/extRef'],
  ['no reason of a refund', reversal('REV_FAIL', { rsnCode: null }), '/rsnCode'],
  ['no card', cardDead('E', { cardToken: undefined }), '/cardToken'],
  ['a card dead of nothing known', cardDead('X'), '/why'],
])('an item with %s is one that cannot be used', (_, item, field) => {
  expect(read(batchOf([chargeOk(), item]))).toMatchObject([
    { kind: 'usable' },
    { kind: 'unusable', status: 422, problems: [{ pointer: `/items/1${field}` }] },
  ]);
});

test.each([['a text'], [null], [17], [[]]])('an item that is %j cannot be used', (item) => {
  expect(read(batchOf([item]))).toMatchObject([
    { kind: 'unusable', eventId: null, type: null, body: { items: [item] } },
  ]);
});

test('of an item that cannot be used is told what can be read', () => {
  expect(read(batchOf([chargeOk({ evNo: 5, evType: 7 })]))).toMatchObject([
    { kind: 'unusable', eventId: '5', type: null },
  ]);
});

test.each<[string, object, string]>([
  ['no number', batchOf([], { batchNo: undefined }), '/batchNo'],
  ['a number that is none', batchOf([], { batchNo: '7x' }), '/batchNo'],
  ['no sending time', batchOf([], { sentTs: undefined }), '/sentTs'],
  ['no count', batchOf([], { count: null }), '/count'],
  ['no items', { batchNo: 1, sentTs: 1, count: 0 }, '/items'],
  ['items that are no list', batchOf([], { items: {} }), '/items'],
  ['251 items', batchOf(Array.from({ length: 251 }, () => chargeOk())), '/items'],
  ['a body that is a list', [], ''],
])('a batch with %s cannot be used as a whole', (_, batch, pointer) => {
  const readings = read(batch);
  expect(readings).toMatchObject([{ kind: 'unusable', status: 422, problems: [{ pointer }] }]);
  expect(readings[0]).not.toHaveProperty('body');
});

test('of a batch whose count differs the items are taken, and the batch is told as a whole', () => {
  const [whole, ...items] = read(batchOf([chargeOk(), chargeFail()], { count: 3 }));
  expect(whole).toMatchObject({
    kind: 'unusable',
    problems: [{ pointer: '/count', code: 'contradiction' }],
  });
  expect(whole).not.toHaveProperty('body');
  expect(items.map(({ kind }) => kind)).toEqual(['usable', 'usable']);
});

test('a batch of 250 is taken, an empty one says nothing', () => {
  expect(read(batchOf(Array.from({ length: 250 }, () => chargeOk())))).toHaveLength(250);
  expect(read(batchOf([]))).toEqual([]);
});
