import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { FieldError } from '@perennial/service';

/** What is sent back. The body is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object;
}

interface Trouble {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error in the form of RFC 9457. */
export function problem({ status, code, detail, requestId, errors, headers }: Trouble): Answer {
  const title = STATUS_CODES[status] ?? 'Error';
  const type = `https://perennial.dev/problems/${code}`;
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: { type, title, status, code, detail, requestId, ...(errors && { errors }) },
  };
}

const LINGER_MS = 500;

/**
 * A sender who is answered before the end of the body is heard out for a moment, unread: closing at
 * once would reset the connection, and the answer with it.
 */
export function send(response: ServerResponse, { status, headers, body }: Answer): void {
  const request = response.req;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...(!request.complete && { connection: 'close' }),
    ...headers,
  });
  if (request.complete) {
    response.end(text);
    return;
  }
  response.write(text);
  const timer = setTimeout(() => response.end(), LINGER_MS);
  request.once('close', () => clearTimeout(timer)).once('end', () => response.end());
  request.resume();
}
