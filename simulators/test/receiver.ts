import { createHmac } from 'node:crypto';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly event: {
    readonly id: string;
    readonly type: string;
    readonly createdAt: string;
    readonly livemode: boolean;
    readonly data: object;
  };
}

/** Whoever webhooks are sent to. */
export class Receiver {
  readonly received: Received[] = [];
  /** What it says next; `reset` cuts the connection. */
  answer: number | 'reset' = 200;
  private gate: Promise<void> = Promise.resolve();
  private readonly server = createServer(
    (request, response) => void this.receive(request, response),
  );

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/aurora`;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    this.received.push({ headers: request.headers, text, event: JSON.parse(text) });
    await this.gate;
    if (this.answer === 'reset') request.socket.destroy();
    else response.writeHead(this.answer, { location: '/' }).end();
  }

  /** Answers nobody until the function that it gives is called. */
  hold(): () => void {
    let release = () => {};
    this.gate = new Promise((resolve) => {
      release = resolve;
    });
    return release;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

/** Standard Webhooks 1.0.0, written a second time so that the first can be wrong. */
export function signatureOf(
  secret: string,
  { id, timestamp, text }: { id: string; timestamp: string; text: string },
): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const content = Buffer.from(`${id}.${timestamp}.${text}`, 'utf8');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}
