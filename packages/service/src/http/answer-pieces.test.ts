import { auditMigrations } from '@perennial/audit';
import { createIds } from '@perennial/contracts';
import { migrate, openDatabase } from '@perennial/database';
import { createLogger } from '@perennial/logger';
import { createLocalTransport, messagingMigrations } from '@perennial/messaging';
import { z } from 'zod';
import { createHttpClient } from '../http-client';
import { serviceMigrations } from '../migrations';
import { route } from '../route';
import { type RunningService, startService } from '../start-service';
import { systemClock } from '../time/clocks';
import { Timeline } from '../time/timeline';

const PIECE = 'x'.repeat(100_000);
let given: number;
let ended: Promise<void>;
let end: () => void;
let stop: () => Promise<void>;
let service: RunningService;

/** As many pieces as are wanted; `failing`: then it breaks. */
async function* pieces(count: number, failing: boolean): AsyncGenerator<string> {
  try {
    for (given = 0; given < count; given += 1) yield PIECE;
    if (failing) throw new Error('the database has gone');
  } finally {
    end();
  }
}

const read = route({
  method: 'get',
  path: '/pieces',
  summary: 'Many pieces',
  scopes: [],
  query: z.object({ count: z.coerce.number(), failing: z.string().optional() }),
  answers: { 200: z.string() },
  contentType: 'text/csv',
  perform: async ({ query: { count, failing } }) => ({
    ...{ status: 200, contentType: 'text/csv; charset=utf-8' },
    body: pieces(count, failing !== undefined),
  }),
});

beforeEach(async () => {
  ended = new Promise((resolve) => {
    end = resolve;
  });
  const clock = systemClock();
  const logger = createLogger({ name: 'webhooks', level: 'silent' });
  const db = await openDatabase('sqlite::memory:');
  await migrate(db, [messagingMigrations, auditMigrations, serviceMigrations]);
  const [http, timeline] = [createHttpClient(), new Timeline(clock, logger)];
  const ports = {
    db,
    clock,
    ids: createIds(clock),
    http,
    logger,
    transport: createLocalTransport(),
  };
  const definition = { name: 'webhooks' as const, routes: [read], messages: [], timers: [] };
  const options = { port: 0, apiTokens: [], timeline, checkAnswers: true };
  service = await startService(definition, ports, options);
  stop = async () => {
    await service.stop();
    http.close();
    await db.close();
  };
});
afterEach(() => stop());

test('an answer in pieces comes whole, as what it is', async () => {
  const answer = await fetch(`${service.url}/pieces?count=3`);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    ...[200, 'text/csv; charset=utf-8'],
  ]);
  expect(await answer.text()).toBe(PIECE.repeat(3));
  await ended;
});

test('only as much is made as is taken, and nothing more once the caller has left', async () => {
  const leave = new AbortController();
  const answer = await fetch(`${service.url}/pieces?count=10000`, { signal: leave.signal });
  await answer.body?.getReader().read();
  leave.abort();
  await ended;
  expect(given).toBeLessThan(1_000);
});

test('one that breaks in the middle does not look whole', async () => {
  const answer = await fetch(`${service.url}/pieces?count=2&failing=yes`);
  await expect(answer.text()).rejects.toThrow();
  await ended;
});

test('what is not JSON is documented as what it is', async () => {
  const Document = z.object({
    paths: z.object({
      '/pieces': z.object({
        get: z.object({
          responses: z.object({ 200: z.object({ content: z.record(z.string(), z.unknown()) }) }),
        }),
      }),
    }),
  });
  const answer = await fetch(`${service.url}/openapi.json`);
  const document = Document.parse(await answer.json());
  expect(Object.keys(document.paths['/pieces'].get.responses['200'].content)).toEqual(['text/csv']);
});
