import { msOf } from '@perennial/calendar';
import { z } from 'zod';
import { type Answer, type Call, statusTrouble } from '../line/line';
import { isTrouble, type Trouble, unanswered } from '../line/results';
import type { Listed, Listing, Window } from '../provider';
import { chargeEvidence } from './charges';
import { said } from './codes';
import { refundEvidence } from './refunds';
import { Transaction } from './transaction';

const Page = z.object({
  page: z.int().positive(),
  pages: z.int().nonnegative(),
  entries: z.array(Transaction),
});
type Page = z.output<typeof Page>;

/** A line on which everything is said within a session. */
interface Asking {
  ask<Said extends object>(call: Call<Said>): Promise<Said | Trouble>;
}

/** The bank counts in whole seconds: those that the window only touches are asked for as a whole. */
export async function statement(
  line: Asking,
  window: Window,
  cursor: string | null,
): Promise<Listing> {
  const page = Number(cursor ?? '1');
  const fromTs = Math.floor(msOf(window.from) / 1000);
  const toTs = Math.ceil(msOf(window.to) / 1000);
  const told = await line.ask({
    ...{ kind: 'list', method: 'POST', path: '/api/statement' },
    body: JSON.stringify({ fromTs, toTs, page }),
    read: (answer) => pageOf(answer, page),
  });
  if (isTrouble(told)) return { outcome: 'failed', detail: told.detail, waitMs: told.waitMs };
  const next = page < told.pages ? String(page + 1) : null;
  return { outcome: 'listed', items: told.entries.flatMap(listed), next };
}

function pageOf(answer: Answer, asked: number): Page | Trouble {
  const code = said(answer);
  if (isTrouble(code)) return code;
  const page = Page.safeParse(answer.json);
  if (code.says !== 'done' || !page.success || page.data.page !== asked) {
    return statusTrouble(answer);
  }
  return page.data;
}

/** The charge first, so that its reversals find it. */
function listed(entry: Transaction): Listed[] {
  const { txnNo, extRef: reference, amount, revs } = entry;
  const evidence = chargeEvidence(entry);
  return [
    {
      ...{ kind: 'charge', providerReference: txnNo, reference, amount },
      evidence: isTrouble(evidence) ? unanswered(evidence) : evidence,
    },
    ...revs.map((rev) => reversal(rev, txnNo)),
  ];
}

function reversal(rev: Transaction['revs'][number], paymentReference: string): Listed {
  const { revNo: providerReference, extRef: reference, amount } = rev;
  const evidence = refundEvidence(rev);
  return {
    ...{ kind: 'refund', providerReference, reference, paymentReference, amount },
    evidence: isTrouble(evidence) ? unanswered(evidence) : evidence,
  };
}
