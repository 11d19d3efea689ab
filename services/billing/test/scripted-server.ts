import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Scripted {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** `cut`: half of the body that was announced. */
export type Script = Scripted | 'hang' | 'reset' | 'cut';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A peer that says what it is told to say, over real HTTP. */
export class ScriptedServer {
  readonly asked: Asked[] = [];
  script: Script | ((asked: Asked) => Script) = {};
  private readonly server = createServer((request, response) => void this.hear(request, response));

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
    this.asked.push(asked);
    this.give(response, typeof this.script === 'function' ? this.script(asked) : this.script);
  }

  private give(response: ServerResponse, script: Script): void {
    if (script === 'hang') return;
    if (script === 'reset') return void response.socket?.resetAndDestroy();
    if (script === 'cut') {
      response.writeHead(201, { 'content-length': 100 }).write('{"id":"pay_1"');
      return void setTimeout(() => response.socket?.destroy(), 20);
    }
    const { status = 200, headers = {}, body = '' } = script;
    return void response.writeHead(status, headers).end(body);
  }
}
