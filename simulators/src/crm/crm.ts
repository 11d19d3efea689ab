import express, { type Express } from 'express';
import { z } from 'zod';
import { type Listening, listen } from '../listen';
import { Random } from '../random';

const Message = z.object({
  to: z.object({ email: z.string().min(3), name: z.string() }),
  template: z.string().min(1),
  subject: z.string().min(1),
  text: z.string().min(1),
  html: z.string().min(1),
  tags: z.unknown(),
});

const Faults = z.object({
  seed: z.int().default(0),
  rates: z.partialRecord(z.enum(['429', '500']), z.number().min(0).max(1)).default({}),
});
type Rates = z.output<typeof Faults>['rates'];

export type SentMail = z.output<typeof Message> & { readonly id: string; readonly key: string };

export interface Crm {
  readonly app: Express;
  listen(port: number): Promise<string>;
  /** Each mail that went out, once. */
  sent(): readonly SentMail[];
  setFaults(seed: number, rates: Rates): void;
  stop(): Promise<void>;
}

/** Takes mails: 202 with an id, the same one for the same Idempotency-Key. */
export function createCrm({ apiKey }: { readonly apiKey: string }): Crm {
  const app = express();
  const byKey = new Map<string, SentMail>();
  let random = new Random(0);
  let rates: Rates = {};
  let listening: Listening | undefined;
  const setFaults = (seed: number, given: Rates) => {
    random = new Random(seed);
    rates = given;
  };

  app.disable('x-powered-by');
  app.use(express.json({ limit: '1mb' }));
  app.post('/v1/messages', (request, response) => {
    if (request.get('authorization') !== `Bearer ${apiKey}`) {
      return void response.status(401).json({ error: 'unauthorized' });
    }
    if ((rates['429'] ?? 0) > random.next()) {
      return void response.status(429).set('Retry-After', '5').json({ error: 'too many' });
    }
    if ((rates['500'] ?? 0) > random.next()) return void response.status(500).send('oops');
    const message = Message.safeParse(request.body);
    const key = request.get('idempotency-key');
    if (!message.success || !key) return void response.status(400).json({ error: 'invalid' });
    const mail = byKey.get(key) ?? { ...message.data, id: `msg_${byKey.size + 1}`, key };
    byKey.set(key, mail);
    return void response.status(202).json({ id: mail.id });
  });
  app.get('/_sim/messages', (_request, response) => {
    response.json({ data: [...byKey.values()] });
  });
  app.post('/_sim/faults', (request, response) => {
    const faults = Faults.safeParse(request.body);
    if (!faults.success) return void response.status(400).json({ error: 'invalid' });
    setFaults(faults.data.seed, faults.data.rates);
    return void response.status(204).end();
  });
  app.post('/_sim/reset', (_request, response) => {
    byKey.clear();
    setFaults(0, {});
    response.status(204).end();
  });
  return {
    app,
    listen: async (port) => {
      listening = await listen(app, port);
      return listening.url;
    },
    sent: () => [...byKey.values()],
    setFaults,
    stop: async () => {
      await listening?.close();
    },
  };
}
