import { captures } from '../../src/domain/payment';
import { requestRefund } from '../../src/domain/refunding';
import type { Step } from './history';
import { leftOf } from './model-provider';
import type { World } from './world';

/** By an operator, of the newest payment that has money. `part`: in per cent. */
export function refund(world: World, part: number): void {
  const payment = world.account.payments.findLast((one) => captures(one).length > 0);
  if (!payment) return;
  world.decide(
    (account, moment) => {
      const known = account.payments.find(({ id }) => id === payment.id) ?? payment;
      const amountMinor = Math.ceil((captures(known)[0]?.amount.amountMinor ?? 0) * (part / 100));
      const wish =
        part === 100 ? { form: 'all' as const } : { form: 'amount' as const, amountMinor };
      const asked = requestRefund(account, known, wish, 'requested_by_customer', moment);
      return 'refused' in asked ? account : asked.account;
    },
    { paymentId: payment.id },
  );
}

export function refundInDashboard(
  world: World,
  { part, webhooks }: Extract<Step, { do: 'refund in the dashboard' }>,
): void {
  const charge = world.captured.findLast((one) => leftOf(one) > 0);
  if (!charge) return;
  const provider = charge.provider;
  const wished = Math.min(leftOf(charge), Math.ceil(charge.amountMinor * (part / 100)));
  const made = world.network.provider(provider).giveBack(charge.id, wished, null, world.now);
  if (!made) return;
  const told = {
    about: 'dashboard',
    ...{ provider, chargeId: charge.id, refundId: made.id, amountMinor: wished, tries: 0 },
  } as const;
  for (const ms of webhooks) world.network.tellsOfRefund(told, world.now + ms, world.now);
}
