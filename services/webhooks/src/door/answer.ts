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

/** A sender who is answered before the end of the body is not listened to any longer. */
export function send(response: ServerResponse, requestId: string, answer: Answer): void {
  const text = JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'x-request-id': requestId,
    ...(!response.req.complete && { connection: 'close' }),
    ...answer.headers,
  });
  response.end(text);
}
