import { sendEvent } from './aurora-event';
import type { ProviderSide } from './provider-side';

interface Body {
  readonly merchantReference: string;
}

export const aurora: ProviderSide = {
  name: 'aurora',
  method: (card) => `pm_${card}`,
  notFound: { status: 200, body: '{"data":[],"hasMore":false,"nextCursor":null}' },
  absentAfter: 1,
  keyLifetimeHours: 24,
  acknowledged: (times) => [202, ...Array(times - 1).fill(200)],

  sent: (asked, wanted) =>
    asked
      .filter(({ kind }) => kind === wanted)
      .map(({ headers, body }) => ({
        key: String(headers['idempotency-key']),
        reference: (JSON.parse(body) as Body).merchantReference,
        body,
      })),

  tellOutcome: ({ door, system }, told) => {
    const { reference, providerReference, amountMinor, sequence, outcome } = told;
    const charge = { merchantReference: reference, paymentId: providerReference, sequence };
    const status = outcome === 'success' ? 'succeeded' : 'failed';
    const failure = outcome === 'failure' && { failure: { code: 'do_not_honor', message: 'no' } };
    const data = { ...charge, amount: amountMinor, currency: 'GBP', status, ...failure };
    const event = { id: told.eventId, type: `payment.${status}`, data, createdAt: told.at };
    return sendEvent(door, event, system.clock.now());
  },

  tellRefund: ({ door, system }, told) => {
    const { refundId, providerReference: paymentId, amountMinor: amount } = told;
    const made = { refundId, paymentId, amount, currency: 'GBP', merchantReference: null };
    const data = { ...made, reason: 'requested_by_customer', sequence: 5 };
    const event = { id: told.eventId, type: 'refund.succeeded', data, createdAt: told.at };
    return sendEvent(door, event, system.clock.now());
  },

  tellLostCard: ({ door, system }, { eventId: id, paymentMethod, at }) => {
    const event = { id, type: 'card.unavailable', data: { paymentMethod, cause: 'expired' } };
    return sendEvent(door, { ...event, createdAt: at }, system.clock.now());
  },

  chargeByStranger: async ({ keys }, line, reference) => {
    const ours = line.asked.findLast(({ kind }) => kind === 'charge');
    if (!ours) throw new Error('nothing has been charged yet');
    const headers = {
      Authorization: `Bearer ${keys.auroraApiKey}`,
      'Idempotency-Key': reference,
    };
    const body = JSON.stringify({ ...JSON.parse(ours.body), merchantReference: reference });
    const answer = await fetch(line.target + ours.path, { method: 'POST', headers, body });
    return ((await answer.json()) as { id: string }).id;
  },
};
