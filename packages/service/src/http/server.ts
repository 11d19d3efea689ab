import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

/** How long requests in flight may take once we are asked to stop. */
const DRAIN_MS = 15_000;

export interface RunningServer {
  readonly url: string;
  readonly isDraining: boolean;
  /** Takes no new connection, finishes what is in flight. */
  stop(): Promise<void>;
}

/** Listens with bounds on how slow a client may be; Node's own would let one hold a socket for minutes. */
async function listen(
  app: Express,
  { port, host }: { readonly port: number; readonly host?: string },
): Promise<RunningServer> {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      if (!server.listening) response.setHeader('Connection', 'close');
      app(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    url: urlOf(server, host),
    get isDraining() {
      return !server.listening;
    },
    stop: () => stop(server),
  };
}

export interface Listening {
  readonly app: Express;
  readonly port: number;
  readonly host?: string;
}

/** All or none: where one cannot listen, those before it stop again. */
export async function listenAll(listening: readonly Listening[]): Promise<RunningServer[]> {
  const servers: RunningServer[] = [];
  try {
    for (const { app, ...address } of listening) servers.push(await listen(app, address));
    return servers;
  } catch (error) {
    await Promise.all(servers.map((server) => server.stop()));
    throw error;
  }
}

function urlOf(server: Server, host = '127.0.0.1'): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(late);
}
