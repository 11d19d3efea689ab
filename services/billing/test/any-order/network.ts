import type { Attempt } from '../../src/domain/payment';
import type { Call } from '../../src/domain/plan';
import { MEANING } from './fates';
import type { CallFate, Fate, History, Verdict } from './history';
import { type Charge, ModelProvider, type Sheets, type Telling } from './model-provider';
import { Post } from './post';
import {
  broken,
  referenceOf,
  type Told,
  type ToldCharge,
  type ToldDashboardRefund,
  toldOf,
  toldOfCharge,
  toldOfRefund,
} from './told';

/** What is heard here. `send`: which send of a charge or refund is answered, counted from one. */
export interface Heard {
  readonly told: Told | ToldDashboardRefund;
  readonly send: number | null;
}

type Item =
  | { readonly to: 'provider'; readonly call: Call; readonly fate: CallFate; readonly at: number }
  | { readonly to: 'us'; readonly heard: Heard; readonly isAnswer: boolean };

const CALM: CallFate = { fate: 'answered', workMs: 100, answerMs: 200, lateMs: 0, againMs: [] };
export const NEVER = Number.POSITIVE_INFINITY;

/** The providers, and all that is on its way to them and from them. */
export class Network {
  private post = new Post<Item>();
  private providers: Readonly<Record<string, ModelProvider>>;
  private outage: { readonly until: number; readonly fate: Fate } = { until: 0, fate: 'answered' };
  private calls = 0;
  private verdicts: ReadonlyMap<string, number> = new Map();
  /** All that was ever told of charges by webhook. */
  private tellings: readonly Telling[] = [];

  constructor(
    private readonly history: History,
    private readonly sheets: Sheets,
  ) {
    this.providers = Object.fromEntries(
      Object.entries(sheets).map(([name, sheet]) => [
        name,
        new ModelProvider(name, sheet, history, (attempt) => this.verdictOf(attempt)),
      ]),
    );
  }

  fork(): Network {
    const copy = new Network(this.history, this.sheets);
    for (const [name, one] of Object.entries(this.providers)) copy.provider(name).become(one);
    copy.post = this.post.fork();
    copy.outage = this.outage;
    copy.calls = this.calls;
    copy.verdicts = this.verdicts;
    copy.tellings = this.tellings;
    return copy;
  }

  provider(name: string): ModelProvider {
    return this.providers[name] ?? broken(`no provider is called ${name}`);
  }

  get ledger(): readonly Charge[] {
    return Object.values(this.providers).flatMap(({ ledger }) => ledger);
  }

  /** When the provider first worked at it, perhaps without any outcome. */
  reachedAt(reference: string): number {
    return Math.min(...Object.values(this.providers).map((one) => one.reachedAt(reference)));
  }

  isUnderWay(reference: string): boolean {
    return this.post.has(
      (item) =>
        item.to === 'provider' &&
        (item.call.kind === 'charge' || item.call.kind === 'refund') &&
        referenceOf(item.call) === reference,
    );
  }

  /** The next for this cycle, whatever becomes of others meanwhile. */
  private verdictOf({ items }: Attempt): Verdict {
    const [first] = items ?? [];
    const cycle = `${first?.subscriptionId} ${first?.cycle}`;
    const made = this.verdicts.get(cycle) ?? 0;
    this.verdicts = new Map([...this.verdicts, [cycle, made + 1]]);
    const { verdicts, afterwards: outcome } = this.history;
    const usual = { outcome, webhooks: [0], contrary: null, hidden: false };
    return verdicts[made] ?? { ...usual, pendingMs: 0, refundMs: 0 };
  }

  private nextFate(now: number): CallFate {
    if (now < this.outage.until) return { ...CALM, fate: this.outage.fate };
    const fate = this.history.fates[this.calls];
    this.calls += 1;
    return fate ?? CALM;
  }

  breaks(until: number, fate: Fate): void {
    this.outage = { until, fate };
  }

  /** From here on everything arrives and is answered. */
  heals(): void {
    this.outage = { until: NEVER, fate: 'answered' };
  }

  /** A call is made; returns what becomes of it. */
  carries(call: Call, now: number): Fate {
    const fate = this.nextFate(now);
    const { work, heard } = MEANING[fate.fate];
    if (work) this.post.send({ to: 'provider', call, fate, at: now }, now + fate.workMs, now);
    if (heard === 'nothing') {
      const told = toldOf(call, { outcome: 'unknown', detail: fate.fate });
      this.answers(call, told, fate, now + fate.answerMs, now);
    } else if (heard && heard !== 'the answer') {
      this.answers(call, toldOf(call, heard), fate, now + fate.answerMs, now);
    }
    return fate.fate;
  }

  private answers(call: Call, told: Told, fate: CallFate, at: number, now: number): void {
    const heard = { told, send: sendOf(call) };
    for (const againMs of [0, ...fate.againMs]) {
      const late = Math.max(at, now) + fate.lateMs + againMs;
      this.post.send({ to: 'us', heard, isAnswer: true }, late, now);
    }
  }

  get nextAt(): number {
    return this.post.nextAt;
  }

  /** What arrives next. A request is worked at by its provider; what is for us is returned. */
  next(now: number): Heard | null {
    const item = this.post.take();
    if (item?.to === 'provider') this.arrives(item, now);
    return item?.to === 'us' ? item.heard : null;
  }

  private arrives({ call, fate, at }: Extract<Item, { to: 'provider' }>, now: number): void {
    const { work, heard } = MEANING[fate.fate];
    const error = work === 'an error' ? 'before' : work === 'done, then an error' ? 'after' : null;
    const told = this.work(call, now, error);
    if (heard === 'the answer') this.answers(call, told, fate, at + fate.answerMs, now);
  }

  private work(call: Call, now: number, error: 'before' | 'after' | null): Told {
    const { provider: name } = 'attempt' in call ? call.attempt : call.refund;
    const provider = this.provider(name);
    switch (call.kind) {
      case 'charge': {
        const { evidence, contrary, tellings } = provider.charge(call.attempt, now, error);
        for (const telling of tellings) this.tells(telling, telling.at);
        return { ...toldOfCharge(call, evidence), contrary };
      }
      case 'enquire':
        return toldOfCharge(call, provider.enquire(call.attempt, now));
      case 'refund':
        return toldOfRefund(call, provider.refund(call.refund, call.paymentReference, now, error));
      case 'enquire-refund':
        return toldOfRefund(call, provider.enquireRefund(call.refund, now));
    }
  }

  private tells(telling: Telling, at: number): void {
    const { reference, evidence, contrary, since } = telling;
    if (!this.tellings.includes(telling)) this.tellings = [...this.tellings, telling];
    const told: ToldCharge = {
      about: 'charge',
      reference,
      evidence,
      by: 'webhook',
      asked: null,
      contrary,
    };
    this.post.send({ to: 'us', heard: { told, send: null }, isAnswer: false }, at, since);
  }

  /** Some webhook of an outcome comes once more, also one that was lost. */
  tellsAgain(which: number, now: number): void {
    const known = this.tellings.filter(({ since }) => since <= now);
    const telling = known[which % Math.max(known.length, 1)];
    if (telling) this.tells(telling, now);
  }

  tellsOfRefund(told: ToldDashboardRefund, at: number, now: number): void {
    this.post.send({ to: 'us', heard: { told, send: null }, isAnswer: false }, at, now);
  }

  /** Nobody is there until then: answers are lost, webhooks come later. */
  isUnheard(until: number): void {
    for (;;) {
      const [next] = this.post.takeAll(({ at }) => at <= until, 1);
      if (!next) break;
      const { item, at } = next;
      if (item.to === 'provider') {
        this.arrives({ ...item, fate: { ...item.fate, fate: deaf(item.fate.fate) } }, at);
      } else if (!item.isAnswer) this.post.send(item, until + 1, until);
    }
  }

  /** Everything that can be known by now, in an order of its own. */
  takeAll(order: readonly number[], now: number): readonly Heard[] {
    for (const { item } of this.post.takeAll(({ item }) => item.to === 'provider')) {
      if (item.to === 'provider') this.arrives(item, now);
    }
    const ready = this.post
      .takeAll(({ since, item }) => since <= now && item.to === 'us')
      .flatMap(({ item }) => (item.to === 'us' ? [item.heard] : []));
    return reordered(ready, order);
  }
}

/** The work is done all the same. */
function deaf(fate: Fate): Fate {
  return fate === 'answered' ? 'killed after the send' : fate;
}

function sendOf(call: Call): number | null {
  if (call.kind === 'charge') return call.attempt.sends;
  return call.kind === 'refund' ? call.refund.sends : null;
}

function reordered<T>(items: readonly T[], order: readonly number[]): readonly T[] {
  const left = [...items];
  const next: T[] = [];
  for (let n = 0; left.length > 0; n += 1) {
    const place = order[n % Math.max(order.length, 1)] ?? 0;
    next.push(...left.splice(place % left.length, 1));
  }
  return next;
}
