import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface LogIn {
  readonly partnerCode: string;
  readonly nonce: string;
  readonly ts: number;
  readonly proof: string;
}

export interface Batch {
  readonly token: string | undefined;
  readonly contentType: string | undefined;
  readonly batchNo: number | string;
  readonly sentTs: number;
  readonly count: number;
  readonly items: readonly Record<string, unknown>[];
}

type Says = { readonly status?: number; readonly body?: object | string } | 'reset';

/** Whoever a bank's batches are sent to: lets in who has logged in, and acknowledges. */
export class BankReceiver {
  readonly logIns: LogIn[] = [];
  readonly batches: Batch[] = [];
  readonly tokens = new Set<string>();
  /** What a log-in is answered, apart from the good answer. */
  logInAnswer: Says = {};
  validFor = 900;
  /** What a batch is answered, apart from its acknowledgement. */
  answer: (batch: Batch) => Says = () => ({});
  private gate: Promise<void> = Promise.resolve();
  private readonly server = createServer((request, response) => {
    void this.receive(request, response);
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/webhooks/borealis`;
  }

  get items(): readonly Record<string, unknown>[] {
    return this.batches.flatMap(({ items }) => items);
  }

  /** Answers no batch until the function that it gives is called. */
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

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (request.url === '/webhooks/borealis/session') return this.letIn(body, response);
    if (request.url !== '/webhooks/borealis') return void response.writeHead(404).end();
    const token = request.headers['x-session-token']?.toString();
    const batch: Batch = { token, contentType: request.headers['content-type'], ...body };
    this.batches.push(batch);
    await this.gate;
    if (!this.tokens.has(token ?? '')) return void response.writeHead(401).end();
    say(response, this.answer(batch), { rc: '00', batchNo: batch.batchNo });
  }

  private letIn(body: LogIn, response: ServerResponse): void {
    this.logIns.push(body);
    const sessionToken = `token_${this.logIns.length}`;
    this.tokens.add(sessionToken);
    say(response, this.logInAnswer, { rc: '00', sessionToken, validFor: this.validFor });
  }
}

function say(response: ServerResponse, says: Says, good: object): void {
  if (says === 'reset') return void response.socket?.destroy();
  const { status = 200, body = good } = says;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', location: '/' }).end(text);
}

/** Written a second time so that the first can be wrong. */
export function proofBy(secret: string, partnerCode: string, nonce: string, ts: unknown): string {
  return createHmac('sha256', Buffer.from(secret, 'utf8'))
    .update(Buffer.from([partnerCode, nonce, String(ts)].join('|'), 'utf8'))
    .digest('hex');
}
