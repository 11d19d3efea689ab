import { msOf } from '@perennial/calendar';
import { decimalText } from '@perennial/contracts';
import { z } from 'zod';
import type { ProviderSheet } from '../../domain/moment';
import { defineProvider, type World } from '../adapter';
import { Line } from '../line/line';
import type { Provider } from '../provider';
import { chargeAnswer, enquiryAnswer } from './charges';
import { refundEnquiryAnswer, reversalAnswer, rsnCodeOf } from './refunds';
import { Sessions } from './session';
import { SessionLine } from './session-line';
import { statement } from './statement';

const LEAST_SECRET_BYTES = 24;

const BorealisSettings = z.object({
  BOREALIS_URL: z.url(),
  BOREALIS_PARTNER_CODE: z.string().regex(/^[!-{}~]+$/, 'expected visible characters but |'),
  BOREALIS_API_SECRET: z
    .string()
    .refine(
      (secret) => Buffer.byteLength(secret) >= LEAST_SECRET_BYTES,
      'expected 24 bytes or more',
    ),
  /** Of this process: replicas share what the bank takes. */
  BOREALIS_CALLS_PER_SECOND: z.coerce.number().positive().max(1_000).default(10),
});

export const adapter = defineProvider({
  name: 'borealis',
  enabledBy: 'BOREALIS_URL',
  settings: BorealisSettings,
  create: createBorealis,
});

/** A bank. Our reference is its key, for ever; what it has done, an enquiry may learn half a minute later. */
function sheetOf(callsPerSecond: number): ProviderSheet {
  return {
    keyLifetimeMs: null,
    keepsServerErrors: false,
    enquiryLagMs: 30_000,
    callsPerSecond,
    amounts: 'decimals',
    referenceLength: 32,
    chargeBody: ({ reference: extRef, amount, paymentMethod: cardToken, at }) => {
      const whenTs = Math.floor(msOf(at) / 1000);
      const { currency: ccy } = amount;
      return JSON.stringify({ extRef, cardToken, sum: decimalText(amount), ccy, whenTs });
    },
    refundBody: ({ reference: extRef, amount, reason, paymentReference: origTxnNo }) =>
      JSON.stringify({ extRef, origTxnNo, sum: decimalText(amount), rsnCode: rsnCodeOf(reason) }),
  };
}

const NOT_OURS = { outcome: 'refused', detail: 'not a refund of ours' } as const;

function createBorealis(
  settings: z.output<typeof BorealisSettings>,
  { http, clock, ids, limits }: World,
): Provider {
  const { BOREALIS_URL: url, BOREALIS_PARTNER_CODE: partnerCode } = settings;
  const sheet = sheetOf(settings.BOREALIS_CALLS_PER_SECOND);
  const open = new Line(http, clock, { url, sheet, limits, spareCalls: 1 });
  const credentials = { partnerCode, secret: settings.BOREALIS_API_SECRET };
  const line = new SessionLine(open, new Sessions(open, credentials, clock, ids), limits);
  return {
    sheet,
    pace: open.pace,
    charge: ({ reference, body }) =>
      line.send({
        ...{ kind: 'charge', method: 'POST', path: '/api/charge', body },
        read: (answer) => chargeAnswer(answer, reference),
      }),
    enquire: ({ reference }) =>
      line.enquire({
        ...{ kind: 'enquire', method: 'POST', path: '/api/enquire' },
        body: JSON.stringify({ extRef: reference }),
        read: (answer) => enquiryAnswer(answer, reference),
      }),
    refund: async ({ request }, txnNo) => {
      if (!request) return NOT_OURS;
      return line.send({
        ...{ kind: 'refund', method: 'POST', path: '/api/reverse', body: request.body },
        read: (answer) => reversalAnswer(answer, { reference: request.reference, txnNo }),
      });
    },
    enquireRefund: async ({ request }, txnNo) => {
      if (!request) return NOT_OURS;
      return line.enquire({
        ...{ kind: 'enquire', method: 'POST', path: '/api/enquire' },
        body: JSON.stringify({ txnNo }),
        read: (answer) => refundEnquiryAnswer(answer, { reference: request.reference, txnNo }),
      });
    },
    list: (window, cursor) => statement(line, window, cursor),
  };
}
