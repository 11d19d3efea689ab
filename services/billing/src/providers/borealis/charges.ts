import type { Money } from '@perennial/contracts';
import { z } from 'zod';
import type { ChargeEvidence } from '../../domain/evidence';
import { type Answer, statusTrouble } from '../line/line';
import { isTrouble, type Trouble, trouble } from '../line/results';
import { type Said, said } from './codes';
import { declineOf } from './declines';
import { No, Rsn, St, Transaction } from './transaction';

const Charged = z.object({ txnNo: No, st: St, rsn: Rsn });
const Declined = z.object({ txnNo: No.nullish(), st: z.literal('D').nullish(), rsn: Rsn });
/** Whose it is need not be said in an answer to a charge; if it is, it must be ours. */
const Echo = z.object({ extRef: z.string().nullish() });

/** Billing rules: "What an attempt can end as". Whatever is not understood is unknown, never declined. */
export function chargeAnswer(answer: Answer, reference: string): ChargeEvidence | Trouble {
  const about = Echo.safeParse(answer.json).data?.extRef ?? reference;
  if (about !== reference) return trouble('ambiguous', 'answered about another charge');
  const code = said(answer);
  if (isTrouble(code)) return code;
  switch (code.says) {
    case 'done': {
      const charged = Charged.safeParse(answer.json);
      return charged.success ? chargeEvidence(charged.data) : statusTrouble(answer);
    }
    case 'declined':
      return declined(answer, code);
    case 'other sum':
      return trouble('rejected', 'the reference was used before, with another sum');
    case 'not found':
      return trouble('ambiguous', 'answered rc 25');
  }
}

/** Nothing that an enquiry fails with says anything about the charge; nor does another's charge. */
export function enquiryAnswer(answer: Answer, reference: string): ChargeEvidence | Trouble {
  const code = said(answer);
  if (isTrouble(code)) return code;
  if (code.says === 'not found') return { outcome: 'not_found' };
  const found = Transaction.safeParse(answer.json);
  if (code.says !== 'done' || !found.success) return statusTrouble(answer);
  return found.data.extRef === reference
    ? chargeEvidence(found.data)
    : trouble('ambiguous', 'enquiry answered about another charge');
}

interface Told {
  readonly txnNo: string;
  readonly st: St;
  readonly rsn?: string | null | undefined;
  /** An answer to a charge does not say what was taken. */
  readonly amount?: Money;
}

export function chargeEvidence({
  txnNo: providerReference,
  st,
  rsn,
  amount,
}: Told): ChargeEvidence | Trouble {
  switch (st) {
    case 'A':
      return { outcome: 'succeeded', providerReference, ...(amount && { amount }) };
    case 'P':
      return { outcome: 'pending', providerReference };
    case 'D':
      return { outcome: 'declined', ...declineOf(rsn, null), providerReference };
    case 'U':
      return trouble('ambiguous', 'the bank does not know yet');
  }
}

function declined(
  answer: Answer,
  code: Extract<Said, { says: 'declined' }>,
): ChargeEvidence | Trouble {
  const { success, data } = Declined.safeParse(answer.json);
  if (!success) return trouble('ambiguous', 'a decline that contradicts itself');
  const { txnNo: providerReference = null, rsn } = data;
  return { outcome: 'declined', ...declineOf(rsn, code), providerReference };
}
