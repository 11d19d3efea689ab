import { z } from 'zod';
import { type Answer, type Line, statusTrouble } from '../line/line';
import { isTrouble, type Trouble } from '../line/results';
import type { Listed, Listing, Window } from '../provider';
import { evidenceOf, Payment } from './charges';
import { Refund, refundEvidenceOf } from './refunds';

const page = { hasMore: z.boolean(), nextCursor: z.string().nullable() };
const owner = z.object({ merchantReference: z.string().nullable() });
const Payments = z.object({ data: z.array(z.intersection(Payment, owner)), ...page });
const Refunds = z.object({
  data: z.array(Refund.extend({ paymentId: z.string(), ...owner.shape })),
  ...page,
});

interface Page {
  readonly items: readonly Listed[];
  readonly next: string | null;
}

/** Aurora has a list of payments and one of refunds: a cursor says in which, and where. */
export async function listing(
  line: Line,
  headers: Readonly<Record<string, string>>,
  window: Window,
  cursor: string | null,
): Promise<Listing> {
  const [list = 'payments', place = ''] = (cursor ?? 'payments:').split(/:(.*)/);
  const isRefunds = list === 'refunds';
  const from = encodeURIComponent(window.from);
  const to = encodeURIComponent(window.to);
  const after = place === '' ? '' : `&cursor=${encodeURIComponent(place)}`;
  const said = await line.ask({
    kind: 'list',
    method: 'GET',
    path: `/v1/${list}?createdFrom=${from}&createdTo=${to}&limit=100${after}`,
    headers,
    read: isRefunds ? refundsPage : paymentsPage,
  });
  if (isTrouble(said)) return { outcome: 'failed', detail: said.detail, waitMs: said.waitMs };
  const more = said.next === null ? null : `${list}:${said.next}`;
  const next = more ?? (isRefunds ? null : 'refunds:');
  return { outcome: 'listed', items: said.items, next };
}

function paymentsPage(answer: Answer): Page | Trouble {
  const payments = Payments.safeParse(answer.json);
  if (answer.status !== 200 || !payments.success) return statusTrouble(answer);
  const { data, hasMore, nextCursor } = payments.data;
  const items = data.map((payment) => ({
    kind: 'charge' as const,
    providerReference: payment.id,
    reference: payment.merchantReference,
    amount: { amountMinor: payment.amount, currency: payment.currency },
    evidence: evidenceOf(payment),
  }));
  return { items, next: hasMore ? nextCursor : null };
}

function refundsPage(answer: Answer): Page | Trouble {
  const refunds = Refunds.safeParse(answer.json);
  if (answer.status !== 200 || !refunds.success) return statusTrouble(answer);
  const { data, hasMore, nextCursor } = refunds.data;
  const items = data.map((refund) => ({
    kind: 'refund' as const,
    providerReference: refund.id,
    reference: refund.merchantReference,
    paymentReference: refund.paymentId,
    amount: { amountMinor: refund.amount, currency: refund.currency },
    evidence: refundEvidenceOf(refund),
  }));
  return { items, next: hasMore ? nextCursor : null };
}
