import { createServer } from 'node:net';

const LOWEST = 10_000;
/** Below the ports that systems hand out for outgoing connections. */
const HIGHEST = 30_000;

/** A number from which all these offsets are free ports on loopback now. */
export async function freePortBase(offsets: readonly number[]): Promise<number> {
  for (;;) {
    const base = LOWEST + 200 * Math.floor(Math.random() * ((HIGHEST - LOWEST) / 200));
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
