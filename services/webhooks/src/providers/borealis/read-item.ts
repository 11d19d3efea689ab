import { type Instant, msOf } from '@perennial/calendar';
import { CardUnavailable, PaymentOutcome, ProviderRefund } from '@perennial/contracts';
import type { z } from 'zod';
import type { Json } from '../../door/strict-json';
import type { Reading } from '../provider';
import { unusable, wrongFields } from '../reading';
import { CardDead, ChargeFail, ChargeOk, type Head, Reversal } from './batch';
import { CARD_CAUSES, declineReason, refundReason } from './vocabulary';

/** What an item says once it is understood. */
type Meaning = Pick<Extract<Reading, { kind: 'usable' }>, 'reference' | 'announce'>;
type ItemReader = (head: Head, item: Json, base: string) => Reading;

/** The kinds of event that act; every other is kept and ignored. */
const READERS: ReadonlyMap<string, ItemReader> = new Map([
  ['CHG_OK', reader(ChargeOk, chargeOk)],
  ['CHG_FAIL', reader(ChargeFail, chargeFail)],
  ['REV_OK', reader(Reversal, (head, item) => reversal(head, item, 'success'))],
  ['REV_FAIL', reader(Reversal, (head, item) => reversal(head, item, 'failure'))],
  ['CARD_DEAD', reader(CardDead, cardDead)],
]);

/** `base` is where in the batch the item is. */
export function readItem(head: Head, item: Json, base: string): Reading {
  const read = READERS.get(head.evType) ?? ignored;
  return read(head, item, base);
}

function ignored({ evNo, evType }: Head): Reading {
  return { kind: 'ignored', eventId: evNo, type: evType, reference: null };
}

function reader<Schema extends z.ZodType>(
  schema: Schema,
  meaning: (head: Head, item: z.output<Schema>) => Meaning,
): ItemReader {
  return (head, item, base) => {
    const facts = { eventId: head.evNo, type: head.evType, reference: null };
    const parsed = schema.safeParse(item);
    if (!parsed.success) return unusable(facts, wrongFields(parsed.error, base));
    return { ...facts, kind: 'usable', ...meaning(head, parsed.data) };
  };
}

function chargeOk(head: Head, item: z.output<typeof ChargeOk>): Meaning {
  return charge(head, item, { outcome: 'success', reason: null, rawReason: null });
}

function chargeFail(head: Head, item: z.output<typeof ChargeFail>): Meaning {
  return charge(head, item, { outcome: 'failure', ...declineReason(item.rsn) });
}

type OutcomeFacts = z.output<typeof PaymentOutcome.data>;

function charge(
  head: Head,
  item: z.output<typeof ChargeOk | typeof ChargeFail>,
  outcome: Pick<OutcomeFacts, 'outcome' | 'reason' | 'rawReason'>,
): Meaning {
  const { extRef, txnNo, amount, seq } = item;
  const facts = { ...told(head, item), reference: extRef, providerReference: txnNo, amount };
  return {
    reference: extRef,
    announce: (cause) => PaymentOutcome.of(extRef, seq, { ...facts, ...outcome }, cause),
  };
}

function reversal(
  head: Head,
  item: z.output<typeof Reversal>,
  outcome: 'success' | 'failure',
): Meaning {
  const facts = {
    ...told(head, item),
    outcome,
    reference: item.extRef,
    providerReference: item.revNo,
    paymentProviderReference: item.txnNo,
    amount: item.amount,
    ...refundReason(item.rsnCode),
  };
  return {
    reference: item.extRef ?? item.txnNo,
    announce: (cause) => ProviderRefund.of(item.txnNo, item.seq, facts, cause),
  };
}

/** Borealis numbers no card events, so their time orders them. */
function cardDead(head: Head, item: z.output<typeof CardDead>): Meaning {
  const { cardToken, why, evTs } = item;
  const facts = { ...told(head, item), paymentMethod: cardToken, cause: CARD_CAUSES[why] };
  return {
    reference: cardToken,
    announce: (cause) => CardUnavailable.of(cardToken, msOf(evTs), facts, cause),
  };
}

function told({ evNo }: Head, { evTs }: { readonly evTs: Instant }) {
  return { provider: 'borealis', eventId: evNo, occurredAt: evTs };
}
