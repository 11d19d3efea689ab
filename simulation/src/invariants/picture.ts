import { type People, peopleOf } from '../oracle/people';
import type { BookedCharge, BookedRefund, Call, ProviderName, RunRecord } from '../record';
import { PROVIDERS } from '../record';
import { type Message, type News, newsIn, readOnes } from './news';
import {
  type AttemptRow,
  type CycleRow,
  type PaymentRow,
  type RefundRow,
  readTables,
  type Tables,
} from './tables';
import { readTrail, type Trail } from './trail';

export interface Charge extends BookedCharge {
  readonly provider: ProviderName;
  /** Succeeded, or still on their way. */
  readonly refunds: readonly BookedRefund[];
  /** The provider could not give money of it back: then it stays, through no fault of ours. */
  readonly keepsMoney: boolean;
  /** When it succeeded or failed, or a little earlier: the books overwrite it when money goes back. */
  readonly decidedAt: string;
}

/** One moment of a run, read once and put in order for everybody who judges it. */
export interface Picture extends Tables {
  readonly record: RunRecord;
  readonly now: string;
  readonly people: People;
  readonly trail: Trail;
  /** Each once; none, where nobody listened. */
  readonly messages: readonly Message[];
  /** By what it is about. */
  readonly news: ReadonlyMap<string, readonly News[]>;
  readonly charges: readonly Charge[];
  readonly chargesOf: (attempt: { readonly reference: string }) => readonly Charge[];
  readonly callsOf: (one: { readonly reference: string }) => readonly Call[];
  readonly attempt: ReadonlyMap<string, AttemptRow>;
  readonly payment: ReadonlyMap<string, PaymentRow>;
  readonly attemptsByReference: (
    charge: Pick<Charge, 'merchantReference'>,
  ) => readonly AttemptRow[];
  readonly attemptsOf: (paymentId: string) => readonly AttemptRow[];
  readonly cyclesOf: (paymentId: string) => readonly CycleRow[];
  readonly cyclesOfSubscription: (subscriptionId: string) => readonly CycleRow[];
  readonly refundsOf: (paymentId: string) => readonly RefundRow[];
}

const moments = new WeakMap<RunRecord, Promise<Picture> | null>();

/** The record as it is now: whoever judges this very object reads each table once, together. */
export function momentOf(record: RunRecord): RunRecord {
  const moment = { ...record };
  moments.set(moment, null);
  return moment;
}

export function pictureOf(record: RunRecord): Promise<Picture> {
  const known = moments.get(record);
  if (known) return known;
  const picture = readPicture(record);
  if (moments.has(record)) moments.set(record, picture);
  return picture;
}

async function readPicture(record: RunRecord): Promise<Picture> {
  const tables = await readTables(record);
  const trail = await readTrail(record);
  const { attempts, cycles, payments, refunds } = tables.billing;
  const charges = PROVIDERS.flatMap((provider) => chargesIn(record, provider));
  const messages = readOnes(record.messages ?? []);
  return {
    ...tables,
    ...{ record, now: record.now, trail, charges, people: peopleOf(record), messages },
    news: newsIn(messages, record.taken),
    attempt: new Map(attempts.map((attempt) => [attempt.id, attempt])),
    payment: new Map(payments.map((payment) => [payment.id, payment])),
    chargesOf: finder(
      charges,
      (charge) => charge.merchantReference,
      ({ reference }) => reference,
    ),
    callsOf: finder(
      record.calls,
      (call) => call.reference,
      ({ reference }) => reference,
    ),
    attemptsByReference: finder(
      attempts,
      (attempt) => attempt.reference,
      (charge) => charge.merchantReference,
    ),
    attemptsOf: finder(attempts, (attempt) => attempt.paymentId, same),
    cyclesOf: finder(cycles, (cycle) => cycle.paymentId ?? '', same),
    cyclesOfSubscription: finder(cycles, (cycle) => cycle.subscriptionId, same),
    refundsOf: finder(refunds, (refund) => refund.paymentId, same),
  };
}

function chargesIn({ books }: RunRecord, provider: ProviderName): Charge[] {
  const refundsOf = finder(books[provider].refunds, (refund) => refund.paymentId, same);
  return books[provider].charges.map((charge) => {
    const all = refundsOf(charge.id);
    const refunds = all.filter(({ status }) => status !== 'failed');
    const decidedAt = all.length === 0 ? charge.updatedAt : charge.createdAt;
    return { ...charge, provider, refunds, decidedAt, keepsMoney: refunds.length < all.length };
  });
}

const same = (id: string) => id;
const none: readonly never[] = [];

function finder<T, Wanted>(
  items: readonly T[],
  keyOf: (item: T) => string,
  wantedKey: (wanted: Wanted) => string,
): (wanted: Wanted) => readonly T[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return (wanted) => groups.get(wantedKey(wanted)) ?? none;
}

/** Of a payment, in the order in which we knew of them. */
export function capturesOf(
  paymentId: string,
  { attemptsOf }: Pick<Picture, 'attemptsOf'>,
): readonly AttemptRow[] {
  return attemptsOf(paymentId)
    .filter(({ status }) => status === 'succeeded')
    .sort((a, b) => ((a.settledAt ?? '') < (b.settledAt ?? '') ? -1 : 1));
}

/** What an attempt that succeeded took. */
export function takenMinor({ capturedMinor, amountMinor }: AttemptRow): number {
  return capturedMinor ?? amountMinor;
}

/** What a charge took and has not given back. */
export function keptMinor({ status, amount, refunds }: Charge): number {
  if (status !== 'succeeded') return 0;
  return refunds.reduce((left, refund) => left - refund.amount, amount);
}
