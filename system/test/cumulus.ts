import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Order = z.object({ id: z.string(), cents: z.int(), currency: z.string() });

export interface CumulusCharge extends z.output<typeof Order> {
  readonly ref: string;
  state: 'waiting' | 'paid' | 'refused';
}

/** A provider of two calls: it takes every charge, and decides when it is told to. */
export class Cumulus {
  readonly charges: CumulusCharge[] = [];
  private readonly server = createServer((request, response) => void this.hear(request, response));

  constructor(private readonly keys: { readonly key: string; readonly secret: string }) {}

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** Decides a charge and tells it; answers the status of the door. */
  async decide(charge: CumulusCharge, state: 'paid' | 'refused', url: string, at: string) {
    charge.state = state;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-cumulus-secret': this.keys.secret },
      body: JSON.stringify({ no: `no_${charge.ref}`, at, charge }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  private async hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const say = (status: number, body: object) =>
      void response.writeHead(status).end(JSON.stringify(body));
    if (request.headers['x-key'] !== this.keys.key) return say(401, {});
    if (request.method === 'GET') {
      const known = this.charges.find(({ id }) => request.url === `/charges/${id}`);
      return known ? say(200, known) : say(404, {});
    }
    return say(200, this.take(Order.parse(JSON.parse(Buffer.concat(chunks).toString()))));
  }

  private take(order: z.output<typeof Order>): CumulusCharge {
    const known = this.charges.find(({ id }) => id === order.id);
    if (known) return known;
    const charge: CumulusCharge = { ...order, ref: `cu_${this.charges.length}`, state: 'waiting' };
    this.charges.push(charge);
    return charge;
  }
}
