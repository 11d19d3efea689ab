import { invalid, notFound, Refusal, route } from '@perennial/service';
import { z } from 'zod';
import { type Context, presently } from '../context';
import type { Misfit } from '../domain/allocation';
import { type Allocating, allocateRefund } from '../domain/refund-items';
import { Accounts } from '../store/accounts';
import { placeOfRefund } from '../store/refunds';
import { Id, RefundDocument, refundDocument } from './documents';
import { Shares } from './refunds';

/** For a refund from the provider's dashboard: it names a payment, and nobody but a person knows more. */
export function allocateRefundItems(context: Context) {
  return route({
    method: 'put',
    path: '/refunds/:id/items',
    summary: 'Say which items a refund belongs to; once, and for all of its amount',
    scopes: ['billing:write'],
    params: Id,
    body: z.strictObject({ items: Shares }),
    answers: { 200: RefundDocument },
    handle: async ({ params: { id }, body, cause }, tx) => {
      const place = await placeOfRefund(id, tx);
      if (!place) throw notFound('refund', id);
      const { customerId, paymentId } = place;
      const moment = presently(context);
      const accounts = await Accounts.lock([customerId], { paymentIds: [paymentId] }, tx);
      const account = accounts.get(customerId);
      const refund = account.refunds.find((one) => one.id === id);
      const payment = account.payments.find((one) => one.id === paymentId);
      if (!refund || !payment) throw notFound('refund', id);
      const granted = allowed(allocateRefund(account, payment, refund, body.items));
      accounts.decide(customerId, cause, moment, () => granted.account);
      const announce = await accounts.save(moment, context.ids);
      return { status: 200, body: refundDocument(granted.refund), announce };
    },
  });
}

function allowed(allocating: Allocating): Extract<Allocating, { refund: unknown }> {
  if ('refund' in allocating) return allocating;
  switch (allocating.refused) {
    case 'already-allocated':
      throw new Refusal(409, 'already-allocated', 'It has been said already what it belongs to.');
    case 'refund-failed':
      throw new Refusal(409, 'refund-failed', 'The refund failed: nothing went back.');
    case 'sum-differs':
      throw invalid([
        {
          pointer: '/items',
          code: 'sum-differs',
          message: 'The items are not the refund’s amount.',
        },
      ]);
    case 'misfits':
      throw invalid(allocating.misfits.flatMap((misfit, n) => (misfit ? [WRONG[misfit](n)] : [])));
  }
}

const WRONG: Record<Misfit, (n: number) => Parameters<typeof invalid>[0][number]> = {
  'unknown-item': (n) => ({
    pointer: `/items/${n}/subscriptionId`,
    code: 'unknown-item',
    message: 'The payment did not pay for this subscription.',
  }),
  'exceeds-item': (n) => ({
    pointer: `/items/${n}/amountMinor`,
    code: 'exceeds-item',
    message: 'That is more than is left of the item.',
  }),
};
