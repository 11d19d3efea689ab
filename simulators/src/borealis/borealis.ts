import { type Clock, msOf } from '@perennial/calendar';
import type { Moods } from '../moods';
import type { Post } from '../post';
import { type Provider, Workings } from '../provider';
import { Seeing } from '../seeing';
import { Calls } from './calls';
import { Events } from './events';
import { Gate } from './gate';
import { Pace } from './pace';
import { readRoutes } from './reading';
import { Sessions } from './sessions';
import type { WebhookTarget } from './webhook-session';
import { Webhooks } from './webhooks';
import { BANK_ANSWERING, BANK_FAULTS, BANK_REFUSALS, type BankFault } from './words';

export interface BorealisOptions {
  readonly clock: Clock;
  readonly partnerCode: string;
  readonly apiSecret: string;
  readonly webhook: WebhookTarget;
  /** 10 by default; null: any number. */
  readonly callsPerSecond?: number | null;
  /** How long a session lives; a quarter of an hour by default. */
  readonly sessionSeconds?: number;
  /** How long each charge takes, in real time: for benchmarks. */
  readonly answerDelayMs?: number;
  /** Absent: the words in a card's token decide. */
  readonly moods?: Moods;
  /** How webhooks are sent; absent: over HTTP. */
  readonly post?: Post;
}

export type Borealis = Provider<BankFault>;

export function createBorealis(options: BorealisOptions): Borealis {
  const { clock, partnerCode, apiSecret, webhook } = options;
  const { callsPerSecond = 10, sessionSeconds = 900, answerDelayMs = 0 } = options;
  const workings = new Workings(
    {
      ...{ name: 'borealis', faults: BANK_FAULTS, prefixes: { payment: 'T', refund: 'R' } },
      lastId: msOf(clock.now()),
      words: { answering: BANK_ANSWERING, refusals: BANK_REFUSALS },
      moods: options.moods,
    },
    clock,
  );
  const { app, books, faults, requests } = workings;
  const pace = new Pace(callsPerSecond, clock);
  const sessions = new Sessions({ partnerCode, apiSecret, sessionSeconds }, clock);
  const gate = new Gate({ pace, sessions, faults, requests });
  const webhooks = new Webhooks({ ...webhook, partnerCode }, clock, options.post);
  const events = new Events(webhooks, clock);
  const charging = workings.charging(events);
  const refunding = workings.refunding(events);
  gate.routes(app);
  new Calls({ workings, gate, charging, refunding, webhooks, answerDelayMs }).routes(app);
  readRoutes(app, books, new Seeing(books, clock, options.moods));
  return workings.open(events, refunding, () => {
    pace.clear();
    sessions.clear();
  });
}
