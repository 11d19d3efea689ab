import { RefundReason } from '@perennial/contracts';
import { invalid, notFound, Refusal, route } from '@perennial/service';
import { z } from 'zod';
import { type Context, presently } from '../context';
import { type OperatorWish, type Requested, requestRefund } from '../domain/refunding';
import { Accounts } from '../store/accounts';
import { customerOfPayment } from '../store/payments';
import { findRefund } from '../store/refunds';
import { Id, RefundDocument, refundDocument } from './documents';

const amountMinor = z.int().positive();
/** What of a refund belongs to which item. */
export const Shares = z.array(z.strictObject({ subscriptionId: z.uuid(), amountMinor })).min(1);

const Request = z.strictObject({
  amountMinor: amountMinor.optional(),
  items: Shares.optional(),
  reason: RefundReason,
});

/** Committed before it is asked of the provider: the next run sends it, once. */
export function refundPayment(context: Context) {
  return route({
    method: 'post',
    path: '/payments/:id/refunds',
    summary: 'Refund a payment: all that is left, an amount, or per item',
    scopes: ['billing:write'],
    params: Id,
    body: Request,
    idempotencyKey: 'required',
    answers: { 201: RefundDocument },
    handle: async ({ params: { id }, body, cause }, tx) => {
      const wish = wishOf(body);
      const customerId = await customerOfPayment(id, tx);
      if (!customerId) throw notFound('payment', id);
      const moment = presently(context);
      const accounts = await Accounts.lock([customerId], { paymentIds: [id] }, tx);
      const account = accounts.get(customerId);
      const payment = account.payments.find((one) => one.id === id);
      if (!payment) throw notFound('payment', id);
      const { account: next, refund } = granted(
        requestRefund(account, payment, wish, body.reason, moment),
      );
      accounts.decide(customerId, cause, moment, () => next);
      const announce = await accounts.save(moment, context.ids);
      return { status: 201, body: refundDocument(refund), announce };
    },
  });
}

export function readRefund() {
  return route({
    method: 'get',
    path: '/refunds/:id',
    summary: 'One refund',
    scopes: ['billing:read'],
    params: Id,
    answers: { 200: RefundDocument },
    handle: async ({ params: { id } }, tx) => {
      const refund = await findRefund(id, tx);
      if (!refund) throw notFound('refund', id);
      return { status: 200, body: refundDocument(refund) };
    },
  });
}

function wishOf({ amountMinor: minor, items }: z.output<typeof Request>): OperatorWish {
  if (minor !== undefined && items) {
    const message = 'Give an amount or items, not both.';
    throw invalid([{ pointer: '/items', code: 'both-forms', message }]);
  }
  if (items) return { form: 'items', items };
  return minor === undefined ? { form: 'all' } : { form: 'amount', amountMinor: minor };
}

function granted(requested: Requested): Extract<Requested, { refund: unknown }> {
  if ('refund' in requested) return requested;
  switch (requested.refused) {
    case 'nothing-left':
      throw new Refusal(409, 'nothing-left', 'Nothing of this payment is left to refund.');
    case 'exceeds-payment':
      throw new Refusal(422, 'exceeds-payment', 'That is more than is left of the payment.');
    case 'unknown-item':
      throw invalid([
        {
          pointer: '/items',
          code: 'unknown-item',
          message: 'A subscription is named that this payment did not pay for.',
        },
      ]);
  }
}
