import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface FaultProxy {
  /** The target's URL, by way of this proxy. */
  readonly url: string;
  /** Ends every connection and takes no new one. */
  cut(): void;
  /** Keeps connections open and lets nothing through. */
  hang(): void;
  restore(): void;
  close(): Promise<void>;
}

type Mode = 'through' | 'cut' | 'hang';

/** Stands between a client and a server on loopback, and breaks the line when told to. */
export async function startProxy(targetUrl: string): Promise<FaultProxy> {
  const target = new URL(targetUrl);
  const sockets = new Set<Socket>();
  let mode: Mode = 'through';
  const server = createServer((client) => {
    if (mode === 'cut') {
      client.destroy();
      return;
    }
    const upstream = connect({ host: target.hostname, port: Number(target.port) });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => {
        if (mode === 'through') to.write(chunk);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(targetUrl);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const end = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut: () => {
      mode = 'cut';
      end();
    },
    hang: () => {
      mode = 'hang';
    },
    restore: () => {
      mode = 'through';
      // What hung has lost bytes and cannot go on.
      end();
    },
    close: async () => {
      end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
