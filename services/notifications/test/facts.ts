import { parseDate, parseInstant } from '@perennial/calendar';
import { createIds } from '@perennial/contracts';

export const now = parseInstant('2026-02-28T06:00:00Z');
export const ids = createIds({ now: () => now });
export const day = parseDate('2026-03-31');

export const refund = (amountMinor: number) => ({
  kind: 'refund_receipt' as const,
  data: { amount: { amountMinor, currency: 'GBP' }, refundedOn: day, productNames: ['Coffee'] },
});
