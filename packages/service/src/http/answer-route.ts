import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import { newCause } from '@perennial/messaging';
import type { Request, Response } from 'express';
import type { Route, RouteAnswer } from '../route';
import type { ApiToken } from './api-tokens';
import { authorize } from './authorize';
import { exchangeOf } from './exchange';
import { readIdempotencyKey } from './idempotency-key';
import { readJson } from './read-json';
import { type WorkPorts, work, workOnce } from './work';

export interface RouteOptions extends WorkPorts {
  readonly apiTokens: readonly ApiToken[];
  /** Whether an answer that its route does not document is an error: in tests. */
  readonly checkAnswers: boolean;
}

/** From a request to its answer: who, what, once, in this order. */
export function answerRoute(route: Route, options: RouteOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const exchange = exchangeOf(response);
    exchange.route = route.path;
    const caller = authorize(request, route.scopes, options.apiTokens);
    exchange.caller = caller.name;
    const body = route.body ? await readJson(request) : undefined;
    const key = readIdempotencyKey(request, caller.name, body, route.keyRequired);
    const { requestId } = exchange;
    const actor = caller.scopes.length > 0 ? `operator:${caller.name}` : 'system';
    const cause = newCause(actor, `request:${requestId}`, options.ids);
    const prepared = route.prepare({
      params: request.params,
      query: request.query,
      body,
      context: {
        caller,
        // The caller's id follows the work through messages and logs.
        cause: { ...cause, correlationId: requestId },
        now: options.clock.now(),
        requestId,
        announce: options.announce,
      },
    });
    const answer = await (key ? workOnce(prepared, key, options) : work(prepared, options));
    if (options.checkAnswers) checkAnswer(route, answer);
    await send(response, answer);
  };
}

async function send(response: Response, { status, body, contentType }: RouteAnswer): Promise<void> {
  response.status(status);
  if (contentType !== undefined) {
    response.type(contentType);
    if (isInPieces(body)) await sendPieces(response, body);
    else response.send(String(body));
  } else if (body === undefined) response.end();
  else response.json(body);
}

function isInPieces(body: unknown): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** As fast as the caller takes them. Who leaves before the end does not want to know the rest. */
async function sendPieces(response: Response, pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(pieces, response);
  } catch (error) {
    const gone = error instanceof Error && 'code' in error;
    if (!gone || error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Also finds fields that are answered but not documented: a leak has no schema. */
function checkAnswer(route: Route, { status, body, contentType }: RouteAnswer): void {
  const schema = route.answers[status];
  if (!schema) throw new Error(`${route.method} ${route.path} does not document ${status}`);
  if (contentType !== undefined || body === undefined) return;
  const sent: unknown = JSON.parse(JSON.stringify(body));
  if (!isDeepStrictEqual(schema.parse(sent), sent)) {
    throw new Error(`${route.method} ${route.path} answers fields that it does not document`);
  }
}
