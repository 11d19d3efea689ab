import {
  chargeInstant,
  firstOwedCycle,
  instantOfMs,
  localDate,
  msOf,
  parseDate,
  parseInstant,
} from '@perennial/calendar';
import type { Announcement, CardUnavailableCause, DeclineReason } from '@perennial/contracts';
import type { Account, Customer } from '../src/domain/account';
import { cancellationNoticed, subscriptionEnded } from '../src/domain/cancellation';
import { cardUnavailable, type NewMethod, paymentMethodChanged } from '../src/domain/card';
import { changesBetween } from '../src/domain/changes';
import { dueAt } from '../src/domain/due';
import type { ChargeEvidence, Source } from '../src/domain/evidence';
import type { Moment, ProviderSheet, Rules } from '../src/domain/moment';
import { type Attempt, amountOf, type Payment } from '../src/domain/payment';
import { type Call, callsOf, plan } from '../src/domain/plan';
import { type OperatorWish, requestRefund } from '../src/domain/refunding';
import type { EndCause } from '../src/domain/schedule';
import { settleCharge } from '../src/domain/settlement';
import { subscriptionStarted } from '../src/domain/start';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export const sheet: ProviderSheet = {
  keyLifetimeMs: 24 * HOUR_MS,
  keepsServerErrors: true,
  enquiryLagMs: 30_000,
  callsPerSecond: null,
  amounts: 'minor units',
  referenceLength: 32,
  chargeBody: (facts: object) => JSON.stringify(facts),
  refundBody: (facts: object) => JSON.stringify(facts),
};

export const rules: Rules = {
  time: { zone: 'Europe/London', chargeTime: '06:00' },
  catchUpMaxDays: 35,
  nonRetryable: [],
};

const cause = {
  actor: 'system',
  trigger: 'test',
  correlationId: 'correlation',
  causationId: null,
  traceparent: 'trace',
};

export interface Purchase {
  readonly on: string;
  readonly interval?: 'monthly' | 'quarterly' | 'annual';
  readonly amountMinor?: number;
  readonly currency?: string;
  readonly firstCharge?: 'anniversary' | 'purchase';
  readonly registeredOn?: string;
}

/** One customer's account, moved through time in pure code. Charge time is 06:00 in London. */
export class OneCustomer {
  account: Account;
  now = parseInstant('2026-01-01T12:00:00.000Z');
  readonly told: Announcement[] = [];
  readonly calls: Call[] = [];
  /** What is declared otherwise by a provider. */
  readonly sheets: Record<string, Partial<ProviderSheet>> = {};
  private ids = 0;

  constructor(private readonly settings: Partial<Rules> = {}) {
    const customer: Customer = {
      id: 'customer',
      paymentMethod: { provider: 'aurora', reference: 'pm_1', unavailable: null },
      combineCharges: true,
      methodVersion: 1,
      erased: false,
    };
    const nothing = { schedules: [], cycles: [], payments: [], refunds: [], discrepancies: [] };
    this.account = { customer, ...nothing };
  }

  get moment(): Moment {
    const all = { ...rules, ...this.settings };
    return {
      now: this.now,
      today: localDate(this.now, all.time.zone),
      rules: all,
      newId: () => `id-${++this.ids}`,
      sheetOf: (provider) => ({ ...sheet, ...this.sheets[provider] }),
    };
  }

  /** All discrepancies stay on the account here, where the service writes them away. */
  decide(rule: (account: Account, moment: Moment) => Account): this {
    const before = { ...this.account, discrepancies: [] };
    const moment = this.moment;
    const after = rule(before, moment);
    const changes = changesBetween(before, after, cause, moment);
    this.told.push(...changes.announcements);
    const discrepancies = [...this.account.discrepancies, ...changes.account.discrepancies];
    this.account = { ...changes.account, discrepancies };
    return this;
  }

  buys(subscriptionId: string, purchase: Purchase): this {
    const { interval = 'monthly', firstCharge = 'anniversary' } = purchase;
    const anchorDate = parseDate(purchase.on);
    const registeredOn = parseDate(purchase.registeredOn ?? purchase.on);
    const amount = {
      amountMinor: purchase.amountMinor ?? 1000,
      currency: purchase.currency ?? 'GBP',
    };
    return this.decide((account) =>
      subscriptionStarted(account, subscriptionId, {
        ...{ productId: 'product', productName: 'Balm', quantity: 1, amount, interval, anchorDate },
        firstCycle: firstOwedCycle({ anchorDate, interval }, firstCharge, registeredOn),
        startedAt: this.now,
      }),
    );
  }

  /** A local morning's charge time, or a moment with `Z`. */
  on(when: string): this {
    const next = when.includes('T') ? parseInstant(when) : chargeTime(when);
    if (next < this.now) throw new Error(`Time goes forward: ${when}`);
    this.now = next;
    return this;
  }

  later(ms: number): this {
    this.now = instantOfMs(msOf(this.now) + ms);
    return this;
  }

  /** Looks for due work, as the run does. */
  runs(): this {
    const before = this.account;
    this.decide(plan);
    this.calls.push(...callsOf(before, this.account));
    return this;
  }

  runsOn(when: string): this {
    return this.on(when).runs();
  }

  /** Every run that falls due until then, each answered the same way. */
  runsUntil(when: string, answer: (attempt: Attempt) => ChargeEvidence): this {
    const end = when.includes('T') ? parseInstant(when) : chargeTime(when);
    for (let due = this.dueAt; due !== null && due <= end; due = this.dueAt) {
      if (due > this.now) this.now = due;
      const known = this.calls.length;
      this.runs();
      for (const call of this.calls.slice(known)) {
        if (!('attempt' in call)) continue;
        const by = call.kind === 'charge' ? 'response' : 'enquiry';
        this.hears(answer(call.attempt), { attempt: call.attempt, by });
      }
    }
    this.now = end;
    return this;
  }

  /** `attempt`: as it was when the provider was asked; absent: the newest one, asked just now. */
  hears(
    evidence: ChargeEvidence,
    { by = 'response', attempt }: { by?: Source; attempt?: Attempt } = {},
  ): this {
    const { reference } = attempt ?? this.lastAttempt;
    const asked = attempt && (by === 'response' || by === 'enquiry') ? attempt : null;
    return this.decide((account, moment) =>
      settleCharge(account, reference, evidence, by, moment, asked),
    );
  }

  declined(reason: DeclineReason = 'insufficient_funds', by: Source = 'response'): this {
    return this.hears(declined(reason), { by });
  }

  paid(by: Source = 'response'): this {
    return this.hears(succeeded, { by });
  }

  losesCard(why: CardUnavailableCause = 'expired', reference = 'pm_1'): this {
    return this.decide((account) =>
      cardUnavailable(account, { provider: 'aurora', reference }, why),
    );
  }

  takesCard(reference: string, more: Partial<NewMethod> = {}): this {
    return this.decide((account) =>
      paymentMethodChanged(account, {
        ...{ provider: 'aurora', combineCharges: true, unavailable: null, reference },
        ...{ version: account.customer.methodVersion + 1, ...more },
      }),
    );
  }

  asksToEnd(subscriptionId: string, on: string, version = 2, acceptedAt: string = this.now): this {
    const cancellation = { on: parseDate(on), acceptedAt: parseInstant(acceptedAt) };
    return this.decide((account, moment) =>
      cancellationNoticed(account, subscriptionId, { cancellation, version }, moment),
    );
  }

  takesBack(subscriptionId: string, version = 3): this {
    return this.decide((account, moment) =>
      cancellationNoticed(account, subscriptionId, { cancellation: null, version }, moment),
    );
  }

  endsNow(
    subscriptionId: string,
    reason: EndCause = 'customer_request',
    at: string = this.now,
  ): this {
    const end = { cause: reason, at: parseInstant(at), skippedCycle: null };
    return this.decide((account, moment) =>
      subscriptionEnded(account, subscriptionId, end, moment),
    );
  }

  /** An operator's refund of the newest payment; what is refused throws its reason. */
  refunds(wish: OperatorWish): this {
    return this.decide((account, moment) => {
      const asked = requestRefund(account, this.payment, wish, 'requested_by_customer', moment);
      if ('refused' in asked) throw new Error(asked.refused);
      return asked.account;
    });
  }

  refundsItems(...items: [subscriptionId: string, amountMinor: number][]): this {
    return this.refunds({
      form: 'items',
      items: items.map(([subscriptionId, amountMinor]) => ({ subscriptionId, amountMinor })),
    });
  }

  get dueAt() {
    return dueAt(this.account, this.moment);
  }

  get payment(): Payment {
    const payment = this.account.payments.at(-1);
    if (!payment) throw new Error('There is no payment');
    return payment;
  }

  get lastAttempt(): Attempt {
    const attempt = this.account.payments.flatMap(({ attempts }) => attempts).at(-1);
    if (!attempt) throw new Error('There is no attempt');
    return attempt;
  }

  /** `2026-02-03 a1 b1 2000 GBP succeeded`: billing date, the cycles not dropped, what they cost. */
  get charges(): string[] {
    return this.account.payments.map((payment) => {
      const asked = payment.items.filter(({ status }) => status !== 'dropped');
      const cycles = asked.map(({ subscriptionId, cycle }) => `${subscriptionId}${cycle}`);
      const { amountMinor, currency } = amountOf(payment);
      return [payment.billingDate, ...cycles, amountMinor, currency, payment.status].join(' ');
    });
  }

  /** `s1 waived`: what has no payment. */
  get withoutPayment(): string[] {
    return this.account.cycles.map(
      ({ subscriptionId, cycle, status }) => `${subscriptionId}${cycle} ${status}`,
    );
  }

  /** `2026-02-03 attempt 1: declined`, in the order of sending. */
  get attempts(): string[] {
    return this.account.payments.flatMap(({ attempts }) =>
      attempts.map(
        ({ startedAt, number, status }) =>
          `${localDate(startedAt, rules.time.zone)} attempt ${number}: ${status}`,
      ),
    );
  }

  state(subscriptionId: string): string {
    const schedule = this.account.schedules.find((one) => one.subscriptionId === subscriptionId);
    if (!schedule) return 'unknown';
    return schedule.state === 'ended' ? schedule.end.cause : schedule.state;
  }

  get moneyBack(): string[] {
    return this.account.refunds.map(
      ({ origin, amount, reason, items }) =>
        `${origin} ${amount.amountMinor} ${reason} for ${items?.map((item) => item.subscriptionId).join(' ') ?? 'the payment'}`,
    );
  }

  get discrepancies(): string[] {
    return this.account.discrepancies.map(({ kind }) => kind);
  }

  toldTypes(): string[] {
    return this.told.map(({ type }) => type);
  }
}

export const succeeded: ChargeEvidence = { outcome: 'succeeded', providerReference: 'pay_1' };
export const pending: ChargeEvidence = { outcome: 'pending', providerReference: 'pay_1' };
export const unknown: ChargeEvidence = { outcome: 'unknown', detail: 'timeout' };
export const notSent: ChargeEvidence = {
  outcome: 'not_sent',
  detail: 'refused',
  waitMs: null,
  arrived: false,
};
export const notFound: ChargeEvidence = { outcome: 'not_found' };
export const refused: ChargeEvidence = { outcome: 'refused', detail: 'answered 400' };

export function declined(reason: DeclineReason = 'insufficient_funds'): ChargeEvidence {
  return { outcome: 'declined', reason, rawReason: null, providerReference: 'pay_1' };
}

const chargeTime = (day: string) => chargeInstant(parseDate(day), rules.time);

export { HOUR_MS, MINUTE_MS };
