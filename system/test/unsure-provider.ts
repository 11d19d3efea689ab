import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Sent {
  readonly key: string;
  readonly body: string;
}

/** A provider that answers 500 to everything, and later knows of nothing: no charge ever got through. */
export interface UnsureProvider {
  readonly url: string;
  /** Every charge that was sent to it. */
  readonly sent: readonly Sent[];
  recover(): void;
  stop(): Promise<void>;
}

export async function startUnsureProvider(): Promise<UnsureProvider> {
  const sent: Sent[] = [];
  let well = false;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const charge = request.method === 'POST';
    if (charge) sent.push({ key: String(request.headers['idempotency-key']), body });
    const { amount, currency } = charge ? (JSON.parse(body) as Record<string, unknown>) : {};
    const done = { id: `pay_${sent.length}`, status: 'succeeded', amount, currency };
    if (!well) response.writeHead(500).end();
    else if (charge) response.writeHead(201).end(JSON.stringify(done));
    else
      response.writeHead(200).end(JSON.stringify({ data: [], hasMore: false, nextCursor: null }));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, sent },
    recover: () => {
      well = true;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
