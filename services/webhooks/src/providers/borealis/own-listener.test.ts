import { createServer } from 'node:http';
import { connect } from 'node:net';
import { askSession, batchOf, chargeOk, deliver, logIn } from '../../../test/bank';
import { type Running, runWebhooks } from '../../../test/running-webhooks';
import { send, succeeded } from '../../../test/signed';

let running: Running;
let own: string;
beforeEach(async () => {
  running = await runWebhooks('sqlite::memory:', { env: { BOREALIS_LISTEN: '127.0.0.1:0' } });
  own = running.listenerUrls[0] ?? '';
});
const further: Running[] = [];
afterEach(async () => {
  for (const one of [...further.splice(0), running]) await one.stop();
});

test('Borealis is heard at its own listener', async () => {
  const token = await logIn(own);
  expect((await deliver(own, token, batchOf([chargeOk()]))).status).toBe(200);
  expect(running.told).toHaveLength(1);
});

test('there it finds nothing else', async () => {
  for (const path of ['/health/live', '/metrics', '/docs', '/openapi.json', '/deliveries', '/']) {
    const response = await fetch(own + path);
    expect([path, response.status]).toEqual([path, 404]);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  }
  expect((await send(own, succeeded())).status).toBe(404);
});

test('at the other listener it is unknown, and the others are heard', async () => {
  const token = await logIn(own);
  expect((await deliver(running.url, token, batchOf([]))).status).toBe(404);
  expect((await askSession(running.url)).status).toBe(404);
  expect((await send(running.url, succeeded())).status).toBe(202);
});

test('without one of its own there is one listener for all', async () => {
  const plain = await runWebhooks();
  further.push(plain);
  expect(plain.listenerUrls).toEqual([]);
  expect((await askSession(plain.url)).status).toBe(200);
});

test('a delivery that is under way is finished when the service stops, and nothing new is taken', async () => {
  const token = await logIn(own);
  const { port, hostname } = new URL(own);
  const body = JSON.stringify(batchOf([chargeOk()], { batchNo: 7 }));
  const socket = connect(Number(port), hostname);
  const answered = new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk)).on('close', () => resolve(text));
  });
  const head = `host: x\r\ncontent-type: application/json\r\nx-session-token: ${token}`;
  const length = `content-length: ${Buffer.byteLength(body)}`;
  await new Promise<void>((resolve) =>
    socket.write(
      `POST /webhooks/borealis HTTP/1.1\r\n${head}\r\n${length}\r\nexpect: 100-continue\r\n\r\n`,
      () => resolve(),
    ),
  );
  await new Promise((resolve) => socket.once('data', resolve));
  const stopped = running.stop();
  await expect(fetch(own)).rejects.toThrow();
  socket.write(body);
  expect(await answered).toMatch(/200 OK.*{"rc":"00","batchNo":7}/s);
  await stopped;
  running = await runWebhooks();
});

test('where it cannot listen the service does not start', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const address = taken.address();
  const port = typeof address === 'object' ? address?.port : null;
  const env = { BOREALIS_LISTEN: `127.0.0.1:${port}` };
  await expect(runWebhooks('sqlite::memory:', { env })).rejects.toThrow('EADDRINUSE');
  await new Promise((resolve) => taken.close(resolve));
});
