import { type Instant, instantOfMs, msOf } from '@perennial/calendar';
import type { Account, PaymentMethod } from '../../src/domain/account';
import { recordDashboardRefund } from '../../src/domain/dashboard-refund';
import { dueAt } from '../../src/domain/due';
import type { ChargeEvidence } from '../../src/domain/evidence';
import type { Moment, ProviderSheet } from '../../src/domain/moment';
import { type Attempt, isOpen } from '../../src/domain/payment';
import { type Call, callsOf, plan } from '../../src/domain/plan';
import { settleRefund } from '../../src/domain/refund-settlement';
import { settleCharge } from '../../src/domain/settlement';
import { rules } from '../one-customer';
import { dayOf } from './days';
import { DAY, type History, HOUR } from './history';
import { Memory } from './known';
import { type Charge, cardOf, isCaptured, type Sheets } from './model-provider';
import { type Heard, NEVER, Network } from './network';
import { checkNothingForgotten } from './nothing-forgotten';
import { checkCharge, checkRefund } from './sends';
import { type Matters, read, written } from './stored';
import { broken, referenceOf, type Told, type ToldDashboardRefund } from './told';
import { type Truth, watch } from './watch';

const MOST_EVENTS = 1_500;
const HELD_MS = HOUR;
const HELD_TIMES = 30;

type Card = Pick<PaymentMethod, 'provider' | 'reference'>;

/** One customer and the providers, moved through time in pure code. */
export class World implements Truth {
  now = 0;
  memory = new Memory();
  readonly trace: string[] = [];
  network: Network;
  private lost: readonly string[] = [];
  private ids = 0;
  private events = 0;
  private due: Instant | null = null;

  constructor(
    readonly history: History,
    readonly sheets: Sheets,
    public account: Account,
    private readonly traced = false,
  ) {
    this.network = new Network(history, sheets);
  }

  /** The same world, with a future of its own. */
  fork(): World {
    const copy = new World(this.history, this.sheets, this.account, this.traced);
    copy.now = this.now;
    copy.memory = this.memory.fork();
    copy.network = this.network.fork();
    copy.lost = this.lost;
    copy.ids = this.ids;
    copy.due = this.due;
    copy.trace.push(...this.trace);
    return copy;
  }

  note(what: () => string): void {
    if (this.traced) this.trace.push(`${instantOfMs(this.now)} ${what()}`);
  }

  get moment(): Moment {
    const now = instantOfMs(this.now);
    return {
      ...{ now, today: dayOf(this.now), rules },
      newId: () => `id-${++this.ids}`,
      sheetOf: (provider) => this.sheetOf(provider),
    };
  }

  readonly chargesOf = (reference: string): readonly Charge[] =>
    this.network.ledger.filter((charge) => charge.reference === reference);
  readonly sheetOf = (provider: string): ProviderSheet =>
    this.sheets[provider] ?? broken(`no provider is called ${provider}`);
  readonly hasRefund = (provider: string, reference: string) =>
    this.network.provider(provider).refundOf(reference) !== undefined ||
    this.network.isUnderWay(reference);
  readonly isUnderWay = (reference: string) => this.network.isUnderWay(reference);
  readonly reachedAt = (reference: string) => this.network.reachedAt(reference);

  isLost({ provider, reference }: Card): boolean {
    return this.lost.includes(`${provider} ${reference}`);
  }

  loses({ provider, reference }: Card): void {
    this.lost = [...this.lost, `${provider} ${reference}`];
  }

  /** Applies a rule as the service does, and holds the billing rules against what it has decided. */
  decide(
    rule: (account: Account, moment: Moment) => Account,
    matters: Matters = {},
    told: Told | null = null,
  ): void {
    const before = this.account;
    const part = read(before, matters);
    this.account = written(before, part, rule(part, this.moment));
    watch(before, this.account, told, this);
    this.due = dueAt(this.account, this.moment);
    checkNothingForgotten(this.account, this.due, this.now);
  }

  get dueAt(): number {
    return this.due === null ? NEVER : msOf(this.due);
  }

  /** Looks for due work, and sends what follows from it. */
  runs(): void {
    this.happens();
    const before = this.account;
    this.decide(plan);
    this.note(() => `run: ${this.summary}`);
    for (const call of callsOf(before, this.account)) {
      this.checkSend(call);
      const fate = this.network.carries(call, this.now);
      this.note(() => `  ${call.kind} ${referenceOf(call)}: ${fate}`);
    }
  }

  private happens(): void {
    this.events += 1;
    if (this.events > MOST_EVENTS) broken('everything comes to rest');
  }

  private checkSend(call: Call): void {
    const reference = referenceOf(call);
    const { sends } = this.memory.of(reference);
    if (call.kind === 'charge') {
      const { provider } = call.attempt;
      checkCharge(call.attempt, this.account, sends, {
        sheet: this.sheetOf(provider),
        isLost: this.isLost({ provider, reference: cardOf(call.attempt) }),
        now: this.now,
      });
    } else if (call.kind === 'refund') {
      checkRefund(call.refund, sends, { sheet: this.sheetOf(call.refund.provider), now: this.now });
    } else return;
    this.memory.sent(reference, this.now);
  }

  private hears({ told, send }: Heard): void {
    this.happens();
    if (told.about === 'dashboard') this.hearsOfRefund(told);
    else this.hearsEvidence(told, send);
  }

  private hearsEvidence(told: Told, send: number | null): void {
    const { reference, by } = told;
    this.note(() => `${by} about ${told.about} ${reference}: ${JSON.stringify(told.evidence)}`);
    const { evidence } = told;
    if (send !== null && evidence.outcome === 'not_sent' && !evidence.arrived) {
      this.memory.refuted(reference, send);
    }
    if (told.about === 'charge') this.memory.heard(told);
    this.decide((account, moment) => settled(account, told, moment), this.matterOf(told), told);
    this.note(() => `  ${this.summary}`);
  }

  private matterOf(told: Told): Matters {
    if (told.about === 'refund') return { paymentId: told.paymentId };
    const payment = this.account.payments.find(({ attempts }) =>
      attempts.some(({ reference }) => reference === told.reference),
    );
    return { paymentId: payment?.id };
  }

  /** One for a charge that is not known to have succeeded waits. */
  private hearsOfRefund(told: ToldDashboardRefund): void {
    const payment = this.account.payments.find(({ attempts }) =>
      attempts.some((attempt) => isCapture(attempt, told)),
    );
    const attempt = payment?.attempts.find((one) => isCapture(one, told));
    this.note(() => `webhook about refund ${told.refundId}: ${attempt ? 'known' : 'waits'}`);
    if (!payment || !attempt) {
      const later = { ...told, tries: told.tries + 1 };
      if (told.tries < HELD_TIMES) {
        this.network.tellsOfRefund(later, this.now + HELD_MS, this.now + HELD_MS);
      }
      return;
    }
    const { refundId: providerReference, amountMinor } = told;
    const refund = {
      ...({ outcome: 'success', reason: 'requested_by_customer', rawReason: null } as const),
      ...{ providerReference, amount: { amountMinor, currency: 'GBP' } },
    };
    this.decide(
      (account, moment) => recordDashboardRefund(account, payment, attempt, refund, moment),
      { paymentId: payment.id },
    );
  }

  /** Time passes: what arrives is handled, and what falls due is done, where somebody works. */
  passes(until: number, { works = true } = {}): void {
    for (;;) {
      const due = works ? this.dueAt : NEVER;
      const next = Math.min(this.network.nextAt, due);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      if (this.network.nextAt > due) this.runs();
      else this.hearsNext();
    }
    this.now = Math.max(this.now, until);
  }

  private hearsNext(): void {
    const heard = this.network.next(this.now);
    if (heard) this.hears(heard);
  }

  /** The process is gone for a while. */
  isDown(until: number): void {
    this.network.isUnheard(until);
    this.now = until;
  }

  /** Returns whether all of it was final: what leaves an outcome open moves the next question about it. */
  hearsAtOnce(order: readonly number[], { twice }: { twice: boolean }): boolean {
    const all = this.network.takeAll(order, this.now);
    for (const heard of all) {
      this.hears(heard);
      if (twice) this.hears(heard);
    }
    return all.every(({ told }) => told.about !== 'charge' || isFinal(told.evidence));
  }

  get isAtRest(): boolean {
    const { payments, refunds, cycles } = this.account;
    const isDone = ({ nextActionAt }: { nextActionAt: string | null }) => nextActionAt === null;
    return (
      this.network.nextAt === NEVER &&
      payments.every((payment) => !isOpen(payment) && payment.attempts.every(isDone)) &&
      refunds.every(isDone) &&
      !cycles.some(({ status }) => status === 'waiting')
    );
  }

  /** The faults stop, and time goes on until nothing is left to be done. */
  comesToRest(): void {
    this.network.heals();
    const latest = this.now + 90 * DAY;
    while (!this.isAtRest) {
      const next = Math.min(this.network.nextAt, this.dueAt);
      if (next > latest) broken('everything comes to rest');
      this.passes(next);
    }
  }

  get captured(): readonly Charge[] {
    return this.network.ledger.filter((charge) => isCaptured(charge, this.now));
  }

  get summary(): string {
    return this.account.payments
      .map(({ billingDate, status, attempts }) =>
        [billingDate, status, ...attempts.map((one) => `${one.reference} ${one.status}`)].join(' '),
      )
      .join('; ');
  }
}

function settled(account: Account, told: Told, moment: Moment): Account {
  const { reference, by, asked } = told;
  return told.about === 'charge'
    ? settleCharge(account, reference, told.evidence, by, moment, asked)
    : settleRefund(account, reference, told.evidence, by, moment, asked);
}

function isFinal({ outcome }: ChargeEvidence): boolean {
  return outcome === 'succeeded' || outcome === 'declined';
}

function isCapture({ status, providerReference }: Attempt, told: ToldDashboardRefund): boolean {
  return status === 'succeeded' && providerReference === told.chargeId;
}
