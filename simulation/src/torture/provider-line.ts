import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@perennial/calendar';
import { readCall } from '../read-call';
import type { Call, ProviderName } from '../record';
import { sentAt } from './sent-at';

type Mode = 'through' | 'cut' | 'hang';

/**
 * Between billing and a provider: writes down every call and what was answered, and is cut in the
 * middle of what is under way, so that nobody knows what became of it.
 */
export class ProviderLine {
  readonly calls: Call[] = [];
  private mode: Mode = 'through';
  private targetUrl = '';
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server = http.createServer((request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    void this.carry(request, response).catch(() => response.destroy());
  });

  constructor(
    private readonly provider: ProviderName,
    private readonly clock: Clock,
  ) {}

  async listen(): Promise<string> {
    this.server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  leadTo(url: string): void {
    this.targetUrl = url;
  }

  break(mode: 'cut' | 'hang'): void {
    this.mode = mode;
    if (mode === 'cut') this.server.closeAllConnections();
  }

  restore(): void {
    if (this.mode === 'through') return;
    this.mode = 'through';
    this.server.closeAllConnections();
  }

  async close(): Promise<void> {
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private async carry(request: http.IncomingMessage, response: http.ServerResponse) {
    const body = await textOf(request);
    const call = readCall(this.provider, request, body, sentAt(request, this.clock.now()));
    if (call) this.calls.push(call);
    if (this.mode === 'cut') response.destroy();
    if (this.mode !== 'through') return;
    if (call) call.arrived = true;
    const url = this.targetUrl + (request.url ?? '/');
    const { method, headers } = request;
    const onward = http.request(url, { method: method ?? 'GET', headers, agent: this.agent });
    response.once('close', () => onward.destroy());
    onward.once('error', () => response.destroy());
    onward.once('response', (answer) => this.carryBack(answer, response, call));
    onward.end(body);
  }

  private carryBack(
    answer: http.IncomingMessage,
    response: http.ServerResponse,
    call: Call | null,
  ): void {
    const chunks: Buffer[] = [];
    if (this.mode === 'through') response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (this.mode === 'through') response.write(chunk);
    });
    answer.once('error', () => response.destroy());
    answer.once('end', () => {
      if (call) call.answer = `${answer.statusCode} ${Buffer.concat(chunks).toString()}`;
      if (this.mode !== 'through') return;
      response.end(() => {
        if (call) call.heard = answer.complete;
      });
    });
  }
}

async function textOf(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
