import type { DiscrepancyKind, Money } from '@perennial/contracts';
import { type Account, withDiscrepancy } from './account';
import type { Asked, Source } from './evidence';
import type { Moment } from './moment';
import type { Refund, RefundStatus } from './refund';

/** One refund while evidence about it is weighed. */
export interface RefundMatter {
  readonly account: Account;
  readonly refund: Refund;
  readonly by: Source;
  /** Null for what was told without being asked. */
  readonly asked: Asked | null;
  readonly moment: Moment;
}

/** Reports trouble with this refund, once per kind. */
export function openedAbout(
  { account, refund, moment }: Omit<RefundMatter, 'by' | 'asked'>,
  kind: DiscrepancyKind,
  details: Record<string, string | number | null>,
): Account {
  return withDiscrepancy(account, {
    id: moment.newId(),
    kind,
    provider: refund.provider,
    paymentId: refund.paymentId,
    about: refund.id,
    details: { refundId: refund.id, ...details },
    openedAt: moment.now,
  });
}

/** What we knew of the refund, and what the provider says it is. */
export function bothSides(
  { status, amount }: Refund,
  told: { readonly status: RefundStatus; readonly amount?: Money | undefined },
) {
  return {
    status,
    amountMinor: amount.amountMinor,
    currency: amount.currency,
    providerStatus: told.status,
    providerAmountMinor: told.amount?.amountMinor ?? null,
    providerCurrency: told.amount?.currency ?? null,
  };
}
