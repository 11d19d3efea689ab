import { createServer } from 'node:http';
import { freePortBase } from '@perennial/testing';
import express from 'express';
import { listenAll } from './server';

const app = express().get('/', (_request, response) => response.json('here'));
const asked = (port: number) => fetch(`http://127.0.0.1:${port}/`).then(({ status }) => status);

test('each listens to its own address, and stops', async () => {
  const other = express().get('/', (_request, response) => response.status(418).end());
  const base = await freePortBase([0, 1]);
  const servers = await listenAll([
    { app, port: base },
    { app: other, port: base + 1, host: '127.0.0.1' },
  ]);
  expect([await asked(base), await asked(base + 1)]).toEqual([200, 418]);
  expect(servers[1]?.url).toBe(`http://127.0.0.1:${base + 1}`);
  await Promise.all(servers.map((server) => server.stop()));
  await expect(asked(base)).rejects.toThrow('fetch failed');
});

test('where one cannot listen none does', async () => {
  const base = await freePortBase([0, 1]);
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(base + 1, '127.0.0.1', resolve));
  const all = [base, base + 1].map((port) => ({ app, port, host: '127.0.0.1' }));
  await expect(listenAll(all)).rejects.toThrow('EADDRINUSE');
  await expect(asked(base)).rejects.toThrow('fetch failed');
  await new Promise((resolve) => taken.close(resolve));
});
