import { Currency } from '@perennial/contracts';
import type { Express, Request, Response } from 'express';
import { z } from 'zod';
import type { Charging } from '../charging';
import { give } from '../giving';
import type { Workings } from '../provider';
import type { Refunding } from '../refunding';
import { json } from '../requests';
import type { Manner } from '../token';
import { minorUnitsOf } from './amounts';
import { chargeAnswer, errorPage, malformed, reverseAnswer, tooFast } from './bodies';
import type { Gate, Struck } from './gate';
import { RsnCode, reasonOf } from './reasons';
import type { BankAnswering, BankFault, BankRefusal } from './words';

const Reference = z.string().regex(/^[A-Za-z0-9]{1,32}$/);

const ChargeBody = z.object({
  extRef: Reference,
  cardToken: z.string().min(1),
  sum: z.string(),
  ccy: Currency,
  whenTs: z.int().nonnegative(),
});

const ReverseBody = z.object({
  extRef: Reference,
  origTxnNo: z.string().min(1),
  sum: z.string(),
  rsnCode: RsnCode,
});

interface Called {
  readonly workings: Workings<BankFault, BankAnswering, BankRefusal>;
  readonly gate: Gate;
  readonly charging: Charging;
  readonly refunding: Refunding;
  readonly webhooks: { deliverDue(): Promise<void> };
  readonly answerDelayMs: number;
}

/** The calls that move money. Our reference is their key, for ever. */
export class Calls {
  constructor(private readonly bank: Called) {}

  routes(app: Express): void {
    app.post('/api/charge', (request, response) => this.charge(request, response));
    app.post('/api/reverse', (request, response) => this.reverse(request, response));
  }

  private async charge(request: Request, response: Response): Promise<void> {
    const { data, success } = ChargeBody.safeParse(json(String(request.body)));
    const amount = success ? minorUnitsOf(data.sum, data.ccy) : null;
    if (!success || amount === null) return void malformed(response);
    const { extRef: merchantReference, ccy: currency, cardToken: paymentMethod } = data;
    const { books, cards } = this.bank.workings;
    const [known] = books.paymentsOf(merchantReference);
    if (known) {
      const isSame = known.amount === amount && known.currency === currency;
      return void response.json({ rc: isSame ? '94' : '95' });
    }
    const fate = cards.charge(paymentMethod, struck(response));
    if (fate.refusal !== null) return void this.turnAway(request, response, fate.refusal);
    const isKnown = !paymentMethod.includes('unknown_card');
    const payment = this.bank.charging.charge(
      { merchantReference, amount, currency, paymentMethod },
      isKnown ? fate : { ...fate, declineCode: 'unknown_card' },
    );
    const answer = chargeAnswer(payment);
    if (fate.webhooks === 'first') await this.bank.webhooks.deliverDue();
    if (this.bank.answerDelayMs > 0) await sleep(this.bank.answerDelayMs);
    await conclude(response, { answer, number: { txnNo: payment.id } }, fate);
  }

  private async reverse(request: Request, response: Response): Promise<void> {
    const { data, success } = ReverseBody.safeParse(json(String(request.body)));
    if (!success) return void malformed(response);
    const { books, cards } = this.bank.workings;
    const payment = books.payments.get(data.origTxnNo);
    if (!payment) return void response.json({ rc: '25' });
    const amount = minorUnitsOf(data.sum, payment.currency);
    if (amount === null) return void malformed(response);
    const known = books.refundOf(data.extRef);
    if (known) {
      const isSame = known.amount === amount && known.paymentId === payment.id;
      return void response.json({ rc: isSame ? '94' : '95' });
    }
    const fate = cards.refund(payment.paymentMethod, struck(response));
    if (fate.refusal !== null) return void this.turnAway(request, response, fate.refusal);
    const order = { merchantReference: data.extRef, amount, reason: reasonOf(data.rsnCode) };
    const refund = this.bank.refunding.refundOrDecline(payment, order, fate);
    const answer = reverseAnswer(refund);
    if (fate.webhooks === 'first') await this.bank.webhooks.deliverDue();
    await conclude(response, { answer, number: { revNo: refund.id } }, fate);
  }

  /** Before any work: the reference stays free. */
  private turnAway(request: Request, response: Response, refusal: BankRefusal): void {
    switch (refusal) {
      case 'session_loss':
        return void this.bank.gate.loseSession(request, response);
      case '429':
        return void tooFast(response, 2);
      case '503_before':
        return void errorPage(response, 503);
      case '96_before':
        return void response.json({ rc: '96' });
    }
  }
}

function struck(response: Response): Struck {
  return response.locals['struck'];
}

interface Done {
  readonly answer: object;
  readonly number: object;
}

/** The work is done; the answer says so, or leaves it open, or is lost. */
async function conclude(
  response: Response,
  { answer, number }: Done,
  { answering }: Manner<BankAnswering, BankRefusal>,
): Promise<void> {
  switch (answering) {
    case '500_after':
      return void errorPage(response, 500);
    case '96':
    case '96_after':
      return void response.json({ rc: '96' });
    case 'unknown_st':
      return void response.json({ rc: '00', ...number, st: 'U' });
    default:
      await give(response, { status: 200, body: answer }, answering);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
