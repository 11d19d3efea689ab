import { connect, createServer, type Socket } from 'node:net';

/** One address for several replicas, as a load balancer gives: by turns, and past those that are down. */
export interface Balancer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startBalancer(port: number, targets: readonly number[]): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    client.on('error', () => client.destroy());
    turn += 1;
    const inTurn = targets.map((_, index) => targets[(turn + index) % targets.length] ?? 0);
    const attempt = ([target, ...others]: readonly number[]) => {
      if (target === undefined) return void client.destroy();
      const upstream = connect({ host: '127.0.0.1', port: target });
      keep(upstream);
      let connected = false;
      upstream.once('connect', () => {
        connected = true;
        client.pipe(upstream).pipe(client);
      });
      upstream.on('error', () => {
        if (connected || client.destroyed) client.destroy();
        else attempt(others);
      });
      upstream.once('close', () => connected && client.destroy());
      client.once('close', () => upstream.destroy());
    };
    attempt(inTurn);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
