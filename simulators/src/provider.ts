import { type Clock, earliest, type Timer } from '@perennial/calendar';
import express, { type Express } from 'express';
import { Books, type Ledger, type LedgerCharge, type Prefixes } from './books';
import { Cards } from './cards';
import { Charging, type Teller } from './charging';
import { RandomFaults, type Rates } from './faults';
import { type Listening, listen } from './listen';
import type { Moods } from './moods';
import { Pending } from './pending';
import { Refunding } from './refunding';
import { Requests } from './requests';
import { type LostCard, steeringRoutes } from './steering';
import type { Words } from './token';

/** What whoever starts a provider has of it. */
export interface Provider<F extends string> {
  readonly app: Express;
  /** Webhooks, and outcomes of what is pending. */
  readonly timer: Timer;
  listen(port: number): Promise<string>;
  ledger(): Ledger;
  /** A planted fault: takes money a second time and tells nobody. */
  slipSecondCharge(): LedgerCharge;
  setFaults(seed: number, rates: Rates<F>): void;
  /** From now on somebody else says what strikes a call, asked once for each. */
  strikeBy(strikes: () => ReadonlySet<F>): void;
  /** As the `_sim` routes do. */
  loseCard(card: LostCard): string;
  refundInDashboard: Refunding['refundInDashboard'];
  readonly books: Pick<Books, 'payments' | 'refunds'>;
  stop(): Promise<void>;
}

interface Kind<F extends string, A extends string, R extends string> {
  readonly name: string;
  readonly prefixes: Prefixes;
  /** Where its numbers begin. */
  readonly lastId?: number;
  readonly faults: readonly F[];
  readonly words: Words<A, R>;
  readonly moods?: Moods | undefined;
}

/** Who is told, and by what. */
interface Telling extends Teller {
  loseCard(card: LostCard): string;
  readonly webhooks: Pick<Timer, 'nextAt'> & {
    deliverDue(): Promise<void>;
    clear(): void;
    close(): void;
  };
}

/** What every simulated provider does alike, whatever its calls look like. */
export class Workings<F extends string, A extends string, R extends string> {
  readonly app = express();
  readonly books: Books;
  readonly cards: Cards<A, R>;
  readonly faults: RandomFaults<F>;
  readonly requests: Requests;
  readonly pending: Pending;

  constructor(
    private readonly kind: Kind<F, A, R>,
    readonly clock: Clock,
  ) {
    this.books = new Books(kind.prefixes, kind.lastId);
    this.cards = new Cards(kind.words, kind.moods);
    this.faults = new RandomFaults(kind.faults);
    this.requests = new Requests(clock);
    this.pending = new Pending(clock);
    this.app.disable('x-powered-by').disable('etag');
    this.app.use(express.text({ type: () => true, limit: '1mb' }));
  }

  /** `forget`: what the provider keeps of its own. */
  open(telling: Telling, refunding: Refunding, forget: () => void): Provider<F> {
    const { app, books, cards, faults, requests, pending } = this;
    const { webhooks } = telling;
    let listening: Listening | undefined;
    const ledger = () => books.ledger();
    const setFaults = (seed: number, rates: Rates<F>) => faults.set(seed, rates);
    const reset = () => {
      for (const kept of [books, cards, faults, requests, pending, webhooks]) kept.clear();
      forget();
    };
    const { name, faults: words } = this.kind;
    steeringRoutes(app, {
      ...{ faults: words, requests, refunding, ledger, setFaults, reset },
      loseCard: (card) => telling.loseCard(card),
    });
    const timer: Timer = {
      ...{ name, everyMs: 200 },
      nextAt: async () => earliest(pending.nextAt(), await webhooks.nextAt()),
      run: async () => {
        pending.decideDue();
        await webhooks.deliverDue();
      },
    };
    return {
      ...{ app, timer, ledger, setFaults, books },
      strikeBy: (strikes) => faults.strikeBy(strikes),
      loseCard: (card) => telling.loseCard(card),
      refundInDashboard: (reference, order) => refunding.refundInDashboard(reference, order),
      slipSecondCharge: () => books.slipSecondCharge(),
      listen: async (port) => {
        listening = await listen(app, port);
        return listening.url;
      },
      stop: async () => {
        webhooks.close();
        await listening?.close();
      },
    };
  }

  charging(teller: Teller): Charging {
    return new Charging(this.books, this.pending, teller, this.clock);
  }

  refunding(teller: Teller): Refunding {
    return new Refunding(this.books, this.pending, teller, this.clock);
  }
}
