import { msOf } from '@perennial/calendar';
import { CardUnavailable, PaymentOutcome, ProviderRefund } from '@perennial/contracts';
import type { z } from 'zod';
import type { Json } from '../../door/strict-json';
import type { Reading } from '../provider';
import { unusable, wrongFields } from '../reading';
import {
  CardUnavailableData,
  Event,
  PaymentFailedData,
  PaymentSucceededData,
  RefundFailedData,
  RefundSucceededData,
} from './events';
import { declineReason, refundReason } from './vocabulary';

/** What an event says once its data is understood. */
type Meaning = Pick<Extract<Reading, { kind: 'usable' }>, 'reference' | 'announce'>;

/** The kinds of event that act; `ping` and every other type are kept and ignored. */
const READERS: ReadonlyMap<string, (event: Event) => Reading> = new Map([
  ['payment.succeeded', reader(PaymentSucceededData, paymentSucceeded)],
  ['payment.failed', reader(PaymentFailedData, paymentFailed)],
  ['refund.succeeded', reader(RefundSucceededData, refundSucceeded)],
  ['refund.failed', reader(RefundFailedData, refundFailed)],
  ['card.unavailable', reader(CardUnavailableData, cardUnavailable)],
]);

/** `webhookId` is the signed header; a body that names another event is not what was signed for. */
export function readEvent(body: Json, webhookId: string | null): Reading {
  const parsed = Event.safeParse(body);
  const unread = { eventId: webhookId, type: null, reference: null };
  if (!parsed.success) return unusable(unread, wrongFields(parsed.error));
  const event = parsed.data;
  if (webhookId !== null && event.id !== webhookId) {
    const message = 'differs from the header webhook-id';
    return unusable(unread, [{ pointer: '/id', code: 'contradiction', message }]);
  }
  const read = READERS.get(event.type) ?? ignored;
  return read(event);
}

function ignored({ id, type }: Event): Reading {
  return { eventId: id, type, reference: null, kind: 'ignored' };
}

function reader<Schema extends z.ZodType>(
  schema: Schema,
  meaning: (event: Event, data: z.output<Schema>) => Meaning,
): (event: Event) => Reading {
  return (event) => {
    const facts = { eventId: event.id, type: event.type, reference: null };
    const data = schema.safeParse(event.data);
    if (!data.success) return unusable(facts, wrongFields(data.error, '/data'));
    return { ...facts, kind: 'usable', ...meaning(event, data.data) };
  };
}

function paymentSucceeded(event: Event, data: z.infer<typeof PaymentSucceededData>): Meaning {
  return paymentOutcome(event, data, { outcome: 'success', reason: null, rawReason: null });
}

function paymentFailed(event: Event, data: z.infer<typeof PaymentFailedData>): Meaning {
  return paymentOutcome(event, data, { outcome: 'failure', ...declineReason(data.failure.code) });
}

type OutcomeFacts = z.output<typeof PaymentOutcome.data>;

function paymentOutcome(
  event: Event,
  data: z.infer<typeof PaymentSucceededData | typeof PaymentFailedData>,
  outcome: Pick<OutcomeFacts, 'outcome' | 'reason' | 'rawReason'>,
): Meaning {
  const facts = {
    ...told(event),
    reference: data.merchantReference,
    providerReference: data.paymentId,
    amount: { amountMinor: data.amount, currency: data.currency },
    ...outcome,
  };
  return {
    reference: data.merchantReference,
    announce: (cause) => PaymentOutcome.of(data.merchantReference, data.sequence, facts, cause),
  };
}

type RefundData = z.infer<typeof RefundSucceededData | typeof RefundFailedData>;

function refundSucceeded(event: Event, data: RefundData): Meaning {
  return refund(event, data, 'success');
}

function refundFailed(event: Event, data: RefundData): Meaning {
  return refund(event, data, 'failure');
}

function refund(event: Event, data: RefundData, outcome: 'success' | 'failure'): Meaning {
  const { amount, currency } = data;
  const facts = {
    ...told(event),
    outcome,
    reference: data.merchantReference,
    providerReference: data.refundId,
    paymentProviderReference: data.paymentId,
    amount: amount === undefined ? null : { amountMinor: amount, currency },
    ...refundReason(data.reason),
  };
  return {
    reference: data.merchantReference ?? data.paymentId,
    announce: (cause) => ProviderRefund.of(data.paymentId, data.sequence, facts, cause),
  };
}

/** Aurora numbers no card events, so their time orders them. */
function cardUnavailable(event: Event, data: z.infer<typeof CardUnavailableData>): Meaning {
  const facts = { ...told(event), paymentMethod: data.paymentMethod, cause: data.cause };
  return {
    reference: data.paymentMethod,
    announce: (cause) =>
      CardUnavailable.of(data.paymentMethod, msOf(event.createdAt), facts, cause),
  };
}

function told({ id, createdAt }: Event) {
  return { provider: 'aurora', eventId: id, occurredAt: createdAt };
}
