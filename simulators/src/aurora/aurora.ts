import type { Clock } from '@perennial/calendar';
import { FAULTS, type Fault } from '../faults';
import type { Moods } from '../moods';
import type { Post } from '../post';
import { type Provider, Workings } from '../provider';
import { ANSWERING, REFUSALS } from '../token';
import { Calls } from './calls';
import { Events } from './events';
import { IdempotencyKeys } from './idempotency';
import { readRoutes } from './reading';
import { Webhooks, type WebhookTarget } from './webhooks';

export interface AuroraOptions {
  readonly clock: Clock;
  readonly apiKey: string;
  readonly webhook: WebhookTarget;
  /** How long each charge takes, in real time: for benchmarks. */
  readonly answerDelayMs?: number;
  /** Absent: the words in a card's token decide. */
  readonly moods?: Moods;
  /** How webhooks are sent; absent: over HTTP. */
  readonly post?: Post;
}

export type Aurora = Provider<Fault>;

export function createAurora(options: AuroraOptions): Aurora {
  const { clock, apiKey, webhook, answerDelayMs = 0 } = options;
  const workings = new Workings(
    {
      ...{ name: 'aurora', faults: FAULTS, prefixes: { payment: 'pay_', refund: 're_' } },
      words: { answering: ANSWERING, refusals: REFUSALS },
      moods: options.moods,
    },
    clock,
  );
  const { app, books, requests } = workings;
  app.use('/v1', (request, response, next) => {
    const idempotencyKey = request.get('idempotency-key') ?? null;
    requests.remember(request, { idempotencyKey });
    if (request.get('authorization') === `Bearer ${apiKey}`) next();
    else response.status(401).json({ error: { type: 'authentication_error' } });
  });
  const webhooks = new Webhooks(webhook, clock, options.post);
  const events = new Events(books, webhooks, clock);
  const charging = workings.charging(events);
  const refunding = workings.refunding(events);
  const keys = new IdempotencyKeys(clock);
  new Calls({ workings, charging, refunding, keys, webhooks, answerDelayMs }).routes(app);
  readRoutes(app, books, webhooks, clock);
  return workings.open(events, refunding, () => keys.clear());
}
