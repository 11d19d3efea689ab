import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is known of a request from its first moment on. */
export interface Exchange {
  readonly requestId: string;
  readonly startedMs: number;
  /** The pattern of its route, never the path itself; `unmatched` until one is found. */
  route: string;
  /** The name of the token it came with. */
  caller?: string;
}

const exchanges = new WeakMap<ServerResponse, Exchange>();

/** Takes the caller's `X-Request-Id` where it is a decent one, else makes one, and gives it back. */
export function beginExchange(request: IncomingMessage, response: ServerResponse): Exchange {
  const given = request.headersDistinct['x-request-id'] ?? [];
  const requestId =
    given.length === 1 && /^[\w.:-]{1,64}$/.test(given[0] ?? '') ? String(given[0]) : randomUUID();
  const exchange = { requestId, startedMs: performance.now(), route: 'unmatched' };
  exchanges.set(response, exchange);
  response.setHeader('X-Request-Id', requestId);
  return exchange;
}

export function exchangeOf(response: ServerResponse): Exchange {
  const exchange = exchanges.get(response);
  if (!exchange) throw new Error('the request did not pass the beginning of the chain');
  return exchange;
}

/** For what is mounted beside the routes. */
export function requestIdOf(response: ServerResponse): string {
  return exchangeOf(response).requestId;
}
