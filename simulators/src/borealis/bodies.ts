import { type Instant, msOf } from '@perennial/calendar';
import { decimalText } from '@perennial/contracts';
import type { Response } from 'express';
import type { Payment, Refund } from '../books';
import { declineOf } from './declines';

/** A request that makes no sense, in the words of ISO 8583. */
export function malformed(response: Response): void {
  response.status(400).json({ rc: '30' });
}

export function tooFast(response: Response, waitSec: number): void {
  response.json({ rc: '29', waitSec });
}

/** Whatever goes wrong with the bank's computers is told as a page. */
export function errorPage(response: Response, status: number): void {
  const page =
    '<html><head><title>Error</title></head><body>Please call your branch.</body></html>';
  response.status(status).type('html').send(page);
}

const ST_OF_PAYMENT = { succeeded: 'A', processing: 'P', failed: 'D' } as const;
const ST_OF_REFUND = { succeeded: 'A', pending: 'P', failed: 'D' } as const;

export function chargeAnswer({ id: txnNo, status, failure }: Payment): object {
  const st = ST_OF_PAYMENT[status];
  if (failure === null) return { rc: '00', txnNo, st };
  const { rc, rsn } = declineOf(failure.code);
  return rc === '96' ? { rc } : { rc, txnNo, st, rsn };
}

/** A reversal that is refused is declined like a charge. */
export function reverseAnswer({ id: revNo, status }: Refund): object {
  return { rc: status === 'failed' ? '05' : '00', revNo, st: ST_OF_REFUND[status] };
}

/** A charge with what went back of it, as enquiries and statements show it. */
export function transaction(payment: Payment, refunds: readonly Refund[]): object {
  const { id: txnNo, merchantReference: extRef, currency: ccy, status, updatedAt } = payment;
  const revs = refunds.map((refund) => ({
    revNo: refund.id,
    extRef: refund.merchantReference,
    sum: sumOf(refund),
    st: ST_OF_REFUND[refund.status],
  }));
  const facts = { txnNo, extRef, st: ST_OF_PAYMENT[status], sum: sumOf(payment), ccy };
  return { ...facts, revs, updTs: epochSeconds(updatedAt) };
}

export function rsnOf({ failure }: Payment): { readonly rsn?: string } {
  return failure === null ? {} : { rsn: declineOf(failure.code).rsn };
}

export function sumOf({ amount, currency }: Payment | Refund): string {
  return decimalText({ amountMinor: amount, currency });
}

export function epochSeconds(at: Instant): number {
  return Math.floor(msOf(at) / 1000);
}
