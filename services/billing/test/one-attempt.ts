import { parseInstant } from '@perennial/calendar';
import type { Attempt } from '../src/domain/payment';
import type { Refund } from '../src/domain/refund';

const at = parseInstant('2026-01-05T06:00:00Z');
const unsettled = { settledAt: null, settledBy: null, providerReference: null };

/** On its way to the provider. */
export const attempt: Attempt = {
  ...unsettled,
  id: 'attempt',
  number: 1,
  provider: 'aurora',
  amount: { amountMinor: 1250, currency: 'GBP' },
  items: [{ subscriptionId: 's', cycle: 1 }],
  reference: '0190a1b212347234823412345678901a',
  idempotencyKey: '0190a1b2-1234-7234-8234-12345678901a',
  body: '{"merchantReference":"0190a1b212347234823412345678901a", "amount":1250}',
  status: 'created',
  nextActionAt: at,
  startedAt: at,
  firstSentAt: at,
  lastSentAt: at,
  sends: 1,
  enquiries: 0,
  reason: null,
  rawReason: null,
  capturedMinor: null,
};

export const refund: Refund = {
  id: '0190a1b2-1234-7234-8234-12345678901b',
  paymentId: 'payment',
  attemptId: 'attempt',
  provider: 'aurora',
  amount: { amountMinor: 250, currency: 'GBP' },
  reason: 'duplicate',
  rawReason: null,
  origin: 'operator',
  status: 'pending',
  items: null,
  request: {
    reference: '0190a1b212347234823412345678901b',
    key: '0190a1b2-1234-7234-8234-12345678901b',
    body: '{"merchantReference":"0190a1b212347234823412345678901b", "amount":250}',
  },
  providerReference: null,
  delivery: 'sent',
  nextActionAt: at,
  firstSentAt: at,
  lastSentAt: at,
  sends: 1,
  enquiries: 0,
  createdAt: at,
  settledAt: null,
  version: 1,
};
