import type { Clock } from '@perennial/calendar';
import type { Payment, Refund } from '../books';
import type { Teller } from '../charging';
import type { LostCard } from '../steering';
import { copiesFor } from '../token';
import { epochSeconds, rsnOf, sumOf } from './bodies';
import { rsnCodeOf } from './reasons';
import type { Webhooks } from './webhooks';

const WHY = { expired: 'E', cancelled: 'C' } as const;

/** What the bank tells, as the items of its batches say it. */
export class Events implements Teller {
  constructor(
    readonly webhooks: Webhooks,
    private readonly clock: Clock,
  ) {}

  charge(payment: Payment, times: number): void {
    const { id: txnNo, merchantReference: extRef, currency: ccy, sequence: seq } = payment;
    const evType = payment.status === 'succeeded' ? 'CHG_OK' : 'CHG_FAIL';
    const facts = { txnNo, extRef, sum: sumOf(payment), ccy, ...rsnOf(payment) };
    this.webhooks.send({ evType, ...facts, evTs: this.now(), seq }, times);
  }

  refund({ id: txnNo, sequence: seq }: Payment, refund: Refund, times: number): void {
    const { id: revNo, merchantReference: extRef, currency: ccy } = refund;
    const evType = refund.status === 'succeeded' ? 'REV_OK' : 'REV_FAIL';
    const facts = { revNo, txnNo, extRef, sum: sumOf(refund), ccy };
    const rsnCode = rsnCodeOf(refund.reason);
    this.webhooks.send({ evType, ...facts, rsnCode, evTs: this.now(), seq }, times);
  }

  loseCard({ paymentMethod: cardToken, cause }: LostCard): string {
    const item = { evType: 'CARD_DEAD', cardToken, why: WHY[cause], evTs: this.now() };
    return this.webhooks.send(item, copiesFor(cardToken));
  }

  private now(): number {
    return epochSeconds(this.clock.now());
  }
}
