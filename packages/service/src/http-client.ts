import http from 'node:http';
import https from 'node:https';
import { HttpFailure, type HttpFailureCode } from './http-failure';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, connecting included. */
  readonly timeoutMs: number;
  /** For connecting alone; absent: as long as the exchange may take. */
  readonly connectTimeoutMs?: number;
  /** Of the answer's body; default 1 MiB. */
  readonly maxBytes?: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One exchange: follows no redirect and repeats nothing, because only the caller knows what may be sent twice. */
export interface HttpClient {
  /** Throws HttpFailure when there is no whole answer. */
  send(request: HttpRequest): Promise<HttpResponse>;
}

export interface ClosableHttpClient extends HttpClient {
  close(): void;
}

const MAX_BYTES = 1_048_576;
/** Kept-alive connections to one peer. */
const MAX_SOCKETS = 128;

export function createHttpClient(): ClosableHttpClient {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: 60_000 };
  const agents = { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  return {
    send: (request) => exchange(request, agents),
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

type Agents = Readonly<{ 'http:': http.Agent; 'https:': https.Agent }>;

function exchange(request: HttpRequest, agents: Agents): Promise<HttpResponse> {
  const url = new URL(request.url);
  const secure = url.protocol === 'https:';
  const { method, headers = {}, body, timeoutMs, maxBytes = MAX_BYTES } = request;
  const { connectTimeoutMs = timeoutMs } = request;
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
  const beganMs = performance.now();
  return new Promise((resolve, reject) => {
    let sent = false;
    const outgoing = (secure ? https : http).request(url, {
      method,
      agent: secure ? agents['https:'] : agents['http:'],
      headers: { ...headers, ...length },
    });
    const fail = (code: HttpFailureCode, cause?: unknown) => {
      clearTimeout(late);
      clearTimeout(unconnected);
      outgoing.destroy();
      reject(new HttpFailure(code, sent, { cause }));
    };
    const late = setTimeout(() => fail('timeout'), timeoutMs);
    const unconnected = setTimeout(() => fail('timeout'), connectTimeoutMs);
    // From here on the peer may have got it, whatever happens next. Nothing is written before: a process that
    // was stopped until now does not send what others have taken over from it meanwhile.
    const connected = () => {
      if (performance.now() - beganMs >= connectTimeoutMs) return fail('timeout');
      sent = true;
      clearTimeout(unconnected);
    };
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) connected();
      else socket.once('connect', connected);
    });
    outgoing.on('error', (error) => fail(codeOf(error, sent), error));
    outgoing.on('response', (incoming) => {
      readAnswer(incoming, maxBytes).then(
        (answer) => {
          clearTimeout(late);
          resolve(answer);
        },
        (error: unknown) => fail(error instanceof TooLarge ? 'too-large' : 'reset', error),
      );
    });
    outgoing.end(body);
  });
}

class TooLarge extends Error {}

async function readAnswer(incoming: http.IncomingMessage, maxBytes: number): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  const headers = Object.entries(incoming.headersDistinct).map(([name, values]) => [
    name,
    (values ?? []).join(', '),
  ]);
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

const UNREACHABLE = new Set(['ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'ETIMEDOUT']);

function codeOf(error: NodeJS.ErrnoException, sent: boolean): HttpFailureCode {
  if (error.code === 'ECONNREFUSED') return 'refused';
  if (!sent && error.code !== undefined && UNREACHABLE.has(error.code)) return 'unreachable';
  if (error.code?.startsWith('HPE_')) return 'unreadable';
  return 'reset';
}
