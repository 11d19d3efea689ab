import { AcceptedRefund, type FoundPayment, FoundPayments } from './answers';
import type { Reply } from './asking';
import type { ChargeThere } from './door';
import type { Act } from './life';
import type { Standing } from './standing';

type RefundAct = Extract<Act, { readonly kind: 'refund' }>;
type DashboardAct = Extract<Act, { readonly kind: 'refund-in-dashboard' }>;

/** Newest first. */
export async function paymentsOf(standing: Standing): Promise<readonly FoundPayment[]> {
  const path = `/payments?customerId=${standing.customerId}&limit=200`;
  const reply = await standing.ask('read-payments', { service: 'billing', method: 'GET', path });
  return reply.is === 'accepted' ? FoundPayments.parse(reply.body).data : [];
}

/** By an operator; each key that is accepted is one deed. */
export async function refund(act: RefundAct, standing: Standing): Promise<void> {
  const payment = chosen(await paymentsOf(standing), act.of);
  const body = payment && bodyOf(payment, act);
  if (!body) return;
  const first = standing.keyOf(act);
  const keys = {
    one: [first],
    'two with one key': [first, first],
    'two with two keys': [first, standing.keyOf(act, '-too')],
  }[act.clicks];
  const path = `/payments/${payment.id}/refunds`;
  const request = { service: 'billing', method: 'POST', path, body } as const;
  const replies = await Promise.all(
    keys.map(async (key) => ({ key, reply: await standing.ask(act.kind, { ...request, key }) })),
  );
  for (const key of new Set(keys)) {
    const accepted = replies.find((one) => one.key === key && one.reply.is === 'accepted');
    if (accepted) recordRefund(accepted.reply, payment.id, askedMinor(body), standing);
  }
}

function chosen(payments: readonly FoundPayment[], of: RefundAct['of']): FoundPayment | undefined {
  const succeeded = payments.filter(({ status }) => status === 'succeeded');
  if (of === 'newest') return payments[0];
  return of === 'newest succeeded' ? succeeded[0] : succeeded.at(-1);
}

const REASONS = [
  'requested_by_customer',
  'duplicate',
  'fraudulent',
  'service_not_provided',
] as const;

interface RefundBody {
  readonly reason: string | undefined;
  readonly amountMinor?: number;
  readonly items?: readonly { readonly subscriptionId: string; readonly amountMinor: number }[];
}

function bodyOf(payment: FoundPayment, { number, share }: RefundAct): RefundBody | undefined {
  const reason = REASONS[number % REASONS.length];
  const left = payment.amount.amountMinor - payment.amountRefunded.amountMinor;
  switch (share) {
    case 'whole':
      return { reason };
    case 'part':
      return { reason, amountMinor: Math.max(1, Math.floor(left / 3)) };
    case 'too much':
      return { reason, amountMinor: left + 1 };
    case 'item': {
      const item = payment.items.find(({ status }) => status === 'paid') ?? payment.items[0];
      if (!item) return undefined;
      const { amountMinor } = item.amount;
      return { reason, items: [{ subscriptionId: item.subscriptionId, amountMinor }] };
    }
  }
}

function askedMinor({ amountMinor, items }: RefundBody): number | null {
  return amountMinor ?? items?.[0]?.amountMinor ?? null;
}

function recordRefund(
  reply: Reply,
  paymentId: string,
  asked: number | null,
  standing: Standing,
): void {
  const effect = standing.effectOf(reply);
  if (reply.is !== 'accepted' || !effect) return;
  const { id: refundId, amount } = AcceptedRefund.parse(reply.body);
  const amountMinor = asked ?? amount.amountMinor;
  standing.record({ kind: 'refund-asked', ...effect, paymentId, refundId, amountMinor });
}

/** Of any of the customer's cards, as long as something is left. */
export async function refundInDashboard(act: DashboardAct, standing: Standing): Promise<void> {
  const { life, door } = standing;
  const charges: { card: (typeof life.cards)[number]; charge: ChargeThere }[] = [];
  for (const card of life.cards) {
    const there = await door.chargesOf(card.provider, card.paymentMethod);
    charges.push(...there.map((charge) => ({ card, charge })));
  }
  const open = charges.filter(({ charge }) => charge.amountMinor > charge.refundedMinor);
  const found = act.of === 'newest' ? open.at(-1) : open[0];
  if (!found) return;
  const left = found.charge.amountMinor - found.charge.refundedMinor;
  const amountMinor = act.share === 'whole' ? left : Math.max(1, Math.floor(left / 2));
  const { provider } = found.card;
  const { id: chargeId } = found.charge;
  const at = door.now();
  if (!(await door.refundInDashboard(provider, chargeId, amountMinor))) return;
  const { person } = life;
  standing.record({ person, kind: 'refunded-in-dashboard', at, provider, chargeId, amountMinor });
}
