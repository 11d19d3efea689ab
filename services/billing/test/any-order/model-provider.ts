import type { ChargeEvidence, RefundEvidence } from '../../src/domain/evidence';
import type { ProviderSheet } from '../../src/domain/moment';
import type { Attempt } from '../../src/domain/payment';
import type { Refund } from '../../src/domain/refund';
import type { History, Verdict } from './history';
import { broken } from './told';

export type Sheets = Readonly<Record<string, ProviderSheet>>;

/** A charge that the provider has made up its mind about. */
export interface Charge {
  readonly id: string;
  readonly provider: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly at: number;
  readonly verdict: Verdict;
  readonly refunds: readonly MoneyBack[];
}

interface MoneyBack {
  readonly id: string;
  readonly at: number;
  readonly reference: string | null;
  readonly amountMinor: number;
}

/** What a key has been used for. */
interface Use {
  readonly at: number;
  readonly body: string;
  /** Its first answer was an error, and is given again. */
  readonly error: boolean;
}

/** What is told of a charge by webhook. */
export interface Telling {
  readonly reference: string;
  readonly evidence: ChargeEvidence;
  /** When it is true: it is not told before. */
  readonly since: number;
  readonly at: number;
  readonly contrary: boolean;
}

const LOST: ChargeEvidence & RefundEvidence = { outcome: 'unknown', detail: 'lost' };

/** What comes of a charge that arrives. */
interface Charged {
  readonly evidence: ChargeEvidence;
  readonly contrary: boolean;
  readonly tellings: readonly Telling[];
}

/** A provider as its sheet declares it, with a ledger that is the truth. */
export class ModelProvider {
  private charges: readonly Charge[] = [];
  private keys = new Map<string, Use>();
  private reached = new Map<string, number>();

  constructor(
    readonly name: string,
    private readonly sheet: ProviderSheet,
    private readonly history: History,
    private readonly verdictOf: (attempt: Attempt) => Verdict,
  ) {}

  /** Takes over the other's ledger as it is now. */
  become({ charges, keys, reached }: ModelProvider): void {
    this.charges = charges;
    this.keys = new Map(keys);
    this.reached = new Map(reached);
  }

  /** When it first worked at it; never: infinity. */
  reachedAt(reference: string): number {
    return this.reached.get(reference) ?? Number.POSITIVE_INFINITY;
  }

  get ledger(): readonly Charge[] {
    return this.charges;
  }

  byReference(reference: string): readonly Charge[] {
    return this.charges.filter((charge) => charge.reference === reference);
  }

  /** A charge arrives. `error`: answered with an error, before or after the work, that may be kept. */
  charge(attempt: Attempt, now: number, error: 'before' | 'after' | null): Charged {
    const { idempotencyKey: key, body, reference } = attempt;
    if (!this.reached.has(reference)) this.reached.set(reference, now);
    const use = this.useOf(key, body, now);
    if (use) return answeredBy(this.repeated(use, reference, now));
    this.keep(key, body, error, now);
    if (error === 'before') return answeredBy(LOST);
    const made = this.madeOf(attempt, now);
    this.charges = [...this.charges, made];
    const tellings = tellingsOf(made);
    return error ? { ...answeredBy(LOST), tellings } : { ...firstAnswer(made, now), tellings };
  }

  private madeOf(attempt: Attempt, at: number): Charge {
    const { reference, amount } = attempt;
    return {
      ...{ id: `pay_${reference}`, provider: this.name, reference, at, refunds: [] },
      ...{ amountMinor: amount.amountMinor, verdict: this.verdictOf(attempt) },
    };
  }

  private useOf(key: string, body: string, now: number): Use | undefined {
    const use = this.keys.get(key);
    if (use && use.body !== body) broken('one key has one body');
    const { keyLifetimeMs } = this.sheet;
    const over = use && keyLifetimeMs !== null && now >= use.at + keyLifetimeMs;
    if (over) broken('no key is sent after its life');
    return over ? undefined : use;
  }

  private keep(key: string, body: string, error: 'before' | 'after' | null, now: number): void {
    const { keyLifetimeMs } = this.sheet;
    const kept = error !== null && this.history.keepsServerErrors && keyLifetimeMs !== null;
    if (kept || error !== 'before') this.keys.set(key, { at: now, body, error: kept });
  }

  private repeated(use: Use, reference: string, now: number): ChargeEvidence {
    const [made] = this.byReference(reference);
    return use.error || !this.history.replays || !made ? LOST : evidenceOf(made, now);
  }

  enquire({ reference }: Attempt, now: number): ChargeEvidence {
    const found = this.byReference(reference).filter((charge) => this.isSeen(charge, now));
    const first = found.find((charge) => isCaptured(charge, now)) ?? found[0];
    return first ? evidenceOf(first, now) : { outcome: 'not_found' };
  }

  private isSeen(charge: Charge, now: number): boolean {
    if (charge.verdict.hidden && now < charge.at + this.sheet.enquiryLagMs) return false;
    const wasAccepted = charge.verdict.pendingMs > 0 || charge.verdict.outcome === 'captured';
    return this.history.listsDeclines || wasAccepted;
  }

  /** A refund arrives: of a charge that has the money, and of no more than is left of it. */
  refund(
    { request, amount }: Refund,
    paymentReference: string,
    now: number,
    error: 'before' | 'after' | null,
  ): RefundEvidence {
    if (!request) return { outcome: 'refused', detail: 'not a refund of ours' };
    const use = this.useOf(request.key, request.body, now);
    if (use) {
      const made = this.refundOf(request.reference);
      return use.error || !made ? LOST : this.refunded(made, now);
    }
    if (error === 'before') {
      this.keep(request.key, request.body, error, now);
      return LOST;
    }
    const made = this.giveBack(paymentReference, amount.amountMinor, request.reference, now);
    // What is refused is not kept under its key.
    if (!made) return error ? LOST : { outcome: 'refused', detail: 'exceeds the payment' };
    this.keep(request.key, request.body, error, now);
    return error ? LOST : this.refunded(made, now);
  }

  enquireRefund({ request }: Refund, now: number): RefundEvidence {
    const made = this.refundOf(request?.reference ?? '');
    if (!made) return { outcome: 'not_found' };
    const { hidden } = this.chargeOf(made).verdict;
    const isSeen = !hidden || now >= made.at + this.sheet.enquiryLagMs;
    return isSeen ? this.refunded(made, now) : { outcome: 'not_found' };
  }

  private refunded(made: MoneyBack, now: number): RefundEvidence {
    const { id: providerReference, at } = made;
    const isDone = now >= at + this.chargeOf(made).verdict.refundMs;
    return { outcome: isDone ? 'succeeded' : 'pending', providerReference };
  }

  private chargeOf(made: MoneyBack): Charge {
    const charge = this.charges.find(({ refunds }) => refunds.includes(made));
    return charge ?? broken('no refund is without its charge');
  }

  /** Null where no such money is there. */
  giveBack(
    id: string,
    amountMinor: number,
    reference: string | null,
    now: number,
  ): MoneyBack | null {
    const charge = this.charges.find((one) => one.id === id && isCaptured(one, now));
    if (!charge || amountMinor > leftOf(charge)) return null;
    const made = { id: `re_${id}_${charge.refunds.length}`, reference, amountMinor, at: now };
    const next = { ...charge, refunds: [...charge.refunds, made] };
    this.charges = this.charges.map((one) => (one === charge ? next : one));
    return made;
  }

  refundOf(reference: string): MoneyBack | undefined {
    return this.charges
      .flatMap(({ refunds }) => refunds)
      .find((refund) => refund.reference === reference);
  }
}

/** The card that an attempt is to be charged to. */
export function cardOf({ body }: Attempt): string {
  const { paymentMethod }: { paymentMethod: string } = JSON.parse(body);
  return paymentMethod;
}

function answeredBy(evidence: ChargeEvidence): Charged {
  return { evidence, contrary: false, tellings: [] };
}

function firstAnswer(charge: Charge, now: number): Charged {
  const { contrary, outcome } = charge.verdict;
  return contrary?.by === 'answer' && !isPending(charge, now)
    ? { ...answeredBy(outcomeOf(charge, CONTRARY[outcome])), contrary: true }
    : answeredBy(evidenceOf(charge, now));
}

export function isPending({ at, verdict }: Charge, now: number): boolean {
  return now < at + verdict.pendingMs;
}

export function isCaptured(charge: Charge, now: number): boolean {
  return !isPending(charge, now) && charge.verdict.outcome === 'captured';
}

export function leftOf({ amountMinor, refunds }: Charge): number {
  return refunds.reduce((left, refund) => left - refund.amountMinor, amountMinor);
}

function evidenceOf(charge: Charge, now: number): ChargeEvidence {
  return isPending(charge, now)
    ? { outcome: 'pending', providerReference: charge.id }
    : outcomeOf(charge, charge.verdict.outcome);
}

function outcomeOf(
  { id: providerReference, amountMinor }: Charge,
  outcome: Verdict['outcome'],
): ChargeEvidence {
  return outcome === 'captured'
    ? { outcome: 'succeeded', providerReference, amount: { amountMinor, currency: 'GBP' } }
    : { outcome: 'declined', reason: 'insufficient_funds', rawReason: null, providerReference };
}

const CONTRARY = { captured: 'declined', declined: 'captured' } as const;

/** After a contrary word the truth is told once more, and that is not lost. */
function tellingsOf(charge: Charge): readonly Telling[] {
  const { verdict, reference } = charge;
  const { outcome, webhooks, contrary } = verdict;
  const since = charge.at + verdict.pendingMs;
  const telling = (told: Verdict['outcome'], afterMs: number): Telling => ({
    ...{ reference, since, at: since + afterMs, evidence: outcomeOf(charge, told) },
    contrary: told !== outcome,
  });
  const told = webhooks.map((afterMs) => telling(outcome, afterMs));
  if (!contrary) return told;
  const lie = contrary.by === 'webhook' ? [telling(CONTRARY[outcome], 0)] : [];
  return [...told, ...lie, telling(outcome, contrary.truthMs)];
}
