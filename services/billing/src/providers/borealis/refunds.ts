import type { Money } from '@perennial/contracts';
import { z } from 'zod';
import type { RefundEvidence } from '../../domain/evidence';
import { type Answer, statusTrouble } from '../line/line';
import { isTrouble, type Trouble, trouble } from '../line/results';
import { said } from './codes';
import { No, St, Transaction } from './transaction';

const RSN_CODES: Readonly<Record<string, string>> = {
  requested_by_customer: 'CUST',
  duplicate: 'DUPL',
  fraudulent: 'FRAUD',
  service_not_provided: 'NOSVC',
};

export function rsnCodeOf(reason: string): string {
  return RSN_CODES[reason] ?? 'CUST';
}

const Reversed = z.object({ revNo: No, st: St });
const Refused = z.object({ revNo: No.nullish(), st: z.literal('D').nullish() });
/** Whose it is need not be said in an answer to a reversal; if it is, it must be ours. */
const Echo = z.object({ extRef: z.string().nullish(), origTxnNo: z.string().nullish() });

interface Asked {
  readonly reference: string;
  /** The bank's number of the charge. */
  readonly txnNo: string;
}

export function reversalAnswer(answer: Answer, asked: Asked): RefundEvidence | Trouble {
  const echo = Echo.safeParse(answer.json).data;
  const another = (echo?.extRef ?? asked.reference) !== asked.reference;
  if (another || (echo?.origTxnNo ?? asked.txnNo) !== asked.txnNo) {
    return trouble('ambiguous', 'answered about another refund');
  }
  const code = said(answer);
  if (isTrouble(code)) return code;
  switch (code.says) {
    case 'done': {
      const reversed = Reversed.safeParse(answer.json);
      return reversed.success ? refundEvidence(reversed.data) : statusTrouble(answer);
    }
    case 'declined': {
      const refused = Refused.safeParse(answer.json);
      if (!refused.success) return trouble('ambiguous', 'a refusal that contradicts itself');
      return { outcome: 'failed', providerReference: refused.data.revNo ?? null };
    }
    case 'not found':
      return trouble('rejected', 'there is no such charge');
    case 'other sum':
      // Something has gone back under this reference: only an enquiry tells what.
      return trouble('ambiguous', 'the reference was used before, with another sum');
  }
}

/** Reversals are found with their charge. */
export function refundEnquiryAnswer(answer: Answer, asked: Asked): RefundEvidence | Trouble {
  const code = said(answer);
  if (isTrouble(code)) return code;
  if (code.says === 'not found') return trouble('ambiguous', 'the bank does not find the charge');
  const found = Transaction.safeParse(answer.json);
  if (code.says !== 'done' || !found.success) return statusTrouble(answer);
  if (found.data.txnNo !== asked.txnNo) {
    return trouble('ambiguous', 'enquiry answered about another charge');
  }
  const ours = found.data.revs.filter(({ extRef }) => extRef === asked.reference);
  const rev = ours.find(({ st }) => st === 'A') ?? ours[0];
  return rev ? refundEvidence(rev) : { outcome: 'not_found' };
}

interface Told {
  readonly revNo: string;
  readonly st: St;
  /** An answer to a reversal does not say what went back. */
  readonly amount?: Money;
}

export function refundEvidence({
  revNo: providerReference,
  st,
  amount,
}: Told): RefundEvidence | Trouble {
  switch (st) {
    case 'A':
      return { outcome: 'succeeded', providerReference, ...(amount && { amount }) };
    case 'P':
      return { outcome: 'pending', providerReference };
    case 'D':
      return { outcome: 'failed', providerReference };
    case 'U':
      return trouble('ambiguous', 'the bank does not know yet');
  }
}
