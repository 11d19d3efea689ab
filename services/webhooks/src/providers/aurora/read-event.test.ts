import type { Cause } from '@perennial/contracts';
import { readEvent } from './read-event';

const cause: Cause = {
  ...{ actor: 'provider:aurora', trigger: 'request:r', correlationId: 'c', causationId: null },
  traceparent: '00-1-2-01',
};
const payment = {
  ...{ paymentId: 'pay_1', merchantReference: 'our-attempt', amount: 1250, currency: 'GBP' },
  sequence: 7,
};
const failure = (code: string) => ({ status: 'failed', failure: { code, message: 'no' } });
const { merchantReference: _, ...money } = payment;
const refund = { ...money, refundId: 're_1', merchantReference: 'our-refund', reason: 'duplicate' };

function told(type: string, data: object) {
  const event = { id: 'evt_1', type, createdAt: '2026-07-03T12:59:58.5+01:00', livemode: true };
  const reading = readEvent({ ...event, data: { ...data } }, 'evt_1');
  if (reading.kind !== 'usable') throw new Error(JSON.stringify(reading));
  return { reference: reading.reference, ...reading.announce(cause) };
}

const from = { provider: 'aurora', eventId: 'evt_1', occurredAt: '2026-07-03T11:59:58.500Z' };
const outcome = {
  ...{ ...from, reference: 'our-attempt', providerReference: 'pay_1' },
  amount: { amountMinor: 1250, currency: 'GBP' },
};

test('a success is told with our reference, and numbered by Aurora', () => {
  expect(told('payment.succeeded', { ...payment, status: 'succeeded' })).toEqual({
    ...{ type: 'provider.payment-outcome.v1', reference: 'our-attempt', subject: 'our-attempt' },
    ...{ version: 7, cause },
    data: { ...outcome, outcome: 'success', reason: null, rawReason: null },
  });
});

test.each([
  ['insufficient_funds', 'insufficient_funds', null],
  ['expired_card', 'card_expired', null],
  ['do_not_honor', 'do_not_honor', null],
  ['card_declined', 'do_not_honor', null],
  ['fraud_suspected', 'suspected_fraud', null],
  ['processing_error', 'processing_error', null],
  ['lost_card', 'unknown', 'lost_card'],
  ['constructor', 'unknown', 'constructor'],
])('a failure because of %s is %s', (code, reason, rawReason) => {
  expect(told('payment.failed', { ...payment, ...failure(code) }).data).toEqual({
    ...{ ...outcome, outcome: 'failure', reason, rawReason },
  });
});

test.each<[string, string, object, { reference?: null; [field: string]: unknown }]>([
  ['refund.succeeded', 'success', {}, {}],
  ['refund.failed', 'failure', {}, {}],
  ['refund.succeeded', 'success', { merchantReference: null }, { reference: null }],
  ['refund.succeeded', 'success', { amount: undefined }, { amount: null }],
  ['refund.succeeded', 'success', { reason: 'fraudulent' }, { reason: 'fraudulent' }],
  [
    'refund.succeeded',
    'success',
    { reason: 'goodwill' },
    { reason: 'unknown', rawReason: 'goodwill' },
  ],
])('%s is a %s: %j becomes %j', (type, result, given, expected) => {
  expect(told(type, { ...refund, ...given })).toMatchObject({
    ...{ type: 'provider.refund.v1', subject: 'pay_1', version: 7 },
    reference: expected.reference === null ? 'pay_1' : 'our-refund',
    data: {
      ...{ ...from, outcome: result, reference: 'our-refund', providerReference: 're_1' },
      ...{ paymentProviderReference: 'pay_1', amount: { amountMinor: 1250, currency: 'GBP' } },
      ...{ reason: 'duplicate', rawReason: null, ...expected },
    },
  });
});

test.each(['expired', 'cancelled'])('a card that is %s is ordered by its time', (because) => {
  const data = { paymentMethod: 'pm_1', cause: because, last4: '4242' };
  expect(told('card.unavailable', data)).toEqual({
    ...{ type: 'provider.card-unavailable.v1', reference: 'pm_1', subject: 'pm_1' },
    ...{ version: Date.parse(from.occurredAt), cause },
    data: { ...from, paymentMethod: 'pm_1', cause: because },
  });
});

test('what is told more than we know is not passed on', () => {
  const { data } = told('payment.succeeded', { ...payment, status: 'succeeded', iban: 'DE02' });
  expect(JSON.stringify(data)).not.toContain('DE02');
});
