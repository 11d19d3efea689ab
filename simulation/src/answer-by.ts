import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { HttpRequest, HttpResponse } from '@perennial/service';
import type { Express } from 'express';

/**
 * What an app answers to a request, without a connection between. Node's own classes on both sides,
 * because the services read of them what no stand-in has.
 */
export function answerBy(app: Express, request: HttpRequest): Promise<HttpResponse> {
  return new Promise((resolve) => {
    const incoming = new Incoming(request);
    app(incoming, answering(incoming, resolve));
  });
}

class Incoming extends IncomingMessage {
  constructor({ method, url, headers = {}, body }: HttpRequest) {
    super(neighbour());
    const { pathname, search } = new URL(url);
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const lines = Object.entries({ ...headers, ...length }).flat();
    this.method = method;
    this.url = pathname + search;
    this.httpVersion = '1.1';
    this.httpVersionMajor = 1;
    this.httpVersionMinor = 1;
    this.rawHeaders = lines;
    readHeaders(this, lines);
    if (body !== undefined) this.push(body);
    this.push(null);
    this.complete = true;
  }
}

/** As node's own parser tells a message its headers. */
function readHeaders(message: IncomingMessage, lines: readonly string[]): void {
  const { _addHeaderLines: add } = message as unknown as {
    _addHeaderLines(lines: readonly string[], count: number): void;
  };
  add.call(message, lines, lines.length);
}

/** Keeps what is written, and tells it when it is whole. Not by a class: express gives it its own. */
function answering(request: IncomingMessage, tell: (answer: HttpResponse) => void): ServerResponse {
  const response = new ServerResponse(request);
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
  };
  const finish = () => {
    response.emit('finish');
    response.emit('close');
    const body = Buffer.concat(chunks).toString('utf8');
    tell({ status: response.statusCode, headers: headersOf(response), body });
  };
  return Object.assign(response, {
    write: (chunk: unknown, ...rest: unknown[]) => {
      keep(chunk);
      callLast(rest);
      return true;
    },
    end: (...given: unknown[]) => {
      keep(given[0]);
      if (!response.headersSent) response.writeHead(response.statusCode);
      response.finished = true;
      process.nextTick(() => {
        finish();
        callLast(given);
      });
      return response;
    },
  });
}

function headersOf(response: ServerResponse): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.getHeaders()).map(([name, value]) => [name, String(value)]),
  );
}

function callLast(given: readonly unknown[]): void {
  const last = given.at(-1);
  if (typeof last === 'function') last();
}

/** Whoever asks is on this machine. */
function neighbour(): Socket {
  return Object.defineProperty(new Socket(), 'remoteAddress', { value: '127.0.0.1' });
}
