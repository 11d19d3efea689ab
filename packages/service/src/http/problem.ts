import { STATUS_CODES } from 'node:http';
import { isUnavailable } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import type { ErrorRequestHandler, Response } from 'express';
import { z } from 'zod';
import { Refusal } from '../refusal';
import { exchangeOf } from './exchange';

/** RFC 9457. The form of every error that we answer. */
export const Problem = z
  .object({
    type: z.url(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    requestId: z.string(),
    errors: z
      .array(z.object({ pointer: z.string(), code: z.string(), message: z.string() }))
      .optional(),
  })
  .meta({ id: 'Problem' });

/** The one place where an error becomes an answer. */
export function answerProblems(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    const refusal = refusalOf(error);
    const { requestId, route } = exchangeOf(response);
    if (refusal.status >= 500) {
      logger.error({ err: error, correlationId: requestId, route }, 'request failed');
    }
    if (response.headersSent) response.destroy();
    else sendProblem(response, refusal);
  };
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  // Express could not decode the path: the id of nothing.
  if (error instanceof URIError) return new Refusal(404, 'not-found', 'There is no such thing.');
  if (isUnavailable(error)) {
    const detail = 'We cannot do this just now; please try again.';
    return new Refusal(503, 'unavailable', detail, [], { 'Retry-After': '5' });
  }
  return new Refusal(500, 'internal-error', 'Something went wrong here; it is in our log.');
}

export function sendProblem(response: Response, refusal: Refusal): void {
  const { status, code, detail, errors, headers } = refusal;
  const problem: z.input<typeof Problem> = {
    type: `https://perennial.dev/problems/${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    code,
    detail,
    requestId: exchangeOf(response).requestId,
    ...(errors.length > 0 && { errors: [...errors] }),
  };
  const text = Buffer.from(JSON.stringify(problem));
  response.status(status).set(headers).type('application/problem+json');
  response.setHeader('Content-Length', text.length);
  if (status === 413) endLate(response, text);
  else response.end(text);
}

const LINGER_MS = 500;

/** Closing while the client still sends would reset the connection, and the answer with it. */
function endLate(response: Response, text: Buffer): void {
  response.write(text);
  const timer = setTimeout(() => response.end(), LINGER_MS);
  response.req.once('close', () => clearTimeout(timer)).once('end', () => response.end());
  response.req.resume();
}
