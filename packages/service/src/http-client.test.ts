import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import nock from 'nock';
import { createHttpClient, type HttpRequest } from './http-client';
import { HttpFailure } from './http-failure';

const PEER = 'http://peer.example';
const http = createHttpClient();
const request: HttpRequest = {
  method: 'POST',
  url: `${PEER}/pay`,
  body: '{"a":1}',
  timeoutMs: 100,
};

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  http.close();
  nock.enableNetConnect();
  nock.restore();
});

const failed = (code: string) => Object.assign(new Error(code), { code });

async function failureOf(sent: HttpRequest): Promise<HttpFailure> {
  const failure: unknown = await http.send(sent).then(
    () => 'an answer',
    (error: unknown) => error,
  );
  if (failure instanceof HttpFailure) return failure;
  throw new Error(`expected a failure, got ${String(failure)}`);
}

test('sends what it is given once, and gives back what it is answered', async () => {
  nock(PEER, { reqheaders: { 'idempotency-key': 'k1', 'content-length': '7' } })
    .post('/pay', { a: 1 })
    .reply(402, '{"b":2}', { 'Retry-After': '3' });
  const answer = await http.send({ ...request, headers: { 'Idempotency-Key': 'k1' } });
  expect(answer).toMatchObject({ status: 402, body: '{"b":2}', headers: { 'retry-after': '3' } });
});

test.each([301, 307, 308])('follows no redirect: %d is the answer', async (status) => {
  nock(PEER)
    .post('/pay')
    .reply(status, '', { Location: `${PEER}/elsewhere` });
  const elsewhere = nock(PEER).post('/elsewhere').reply(200);
  expect((await http.send(request)).status).toBe(status);
  expect(elsewhere.isDone()).toBe(false);
});

test.each([500, 503, 429])('repeats nothing after a %d', async (status) => {
  nock(PEER).post('/pay').reply(status);
  const again = nock(PEER).post('/pay').reply(200);
  expect((await http.send(request)).status).toBe(status);
  expect(again.isDone()).toBe(false);
});

test.each([
  ['an answer that takes too long', () => nock(PEER).post('/pay').delay(500).reply(200), 'timeout'],
  [
    'a body that takes too long',
    () => nock(PEER).post('/pay').delayBody(500).reply(200, 'x'),
    'timeout',
  ],
  [
    'a lost connection',
    () => nock(PEER).post('/pay').replyWithError(failed('ECONNRESET')),
    'reset',
  ],
  [
    'a refused connection',
    () => nock(PEER).post('/pay').replyWithError(failed('ECONNREFUSED')),
    'refused',
  ],
  [
    'an answer beyond the limit',
    () => nock(PEER).post('/pay').reply(200, 'x'.repeat(2000)),
    'too-large',
  ],
])('%s is a failure with its name', async (_, answer, code) => {
  answer();
  expect((await failureOf({ ...request, maxBytes: 1000 })).code).toBe(code);
});

describe('a process that stands still while it connects', () => {
  let server: Server;
  let received = 0;
  beforeAll(async () => {
    nock.restore();
    server = createServer((_, response) => {
      received += 1;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  // Simulation, seed 7: stopped for an hour before the send, while its lease went to another.
  test('sends nothing when it goes on', async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/pay`;
    const fresh = createHttpClient();
    const late = { ...request, url, timeoutMs: 1_000, connectTimeoutMs: 50 };
    const now = jest.spyOn(performance, 'now');
    const began = performance.now();
    now.mockReturnValueOnce(began).mockReturnValue(began + 3_600_000);
    const failure = await fresh.send(late).catch((error: unknown) => error);
    now.mockRestore();
    expect(failure).toMatchObject({ code: 'timeout', sent: false });
    await fresh.send({ ...late, connectTimeoutMs: 1_000 });
    expect(received).toBe(1);
    fresh.close();
  });
});
