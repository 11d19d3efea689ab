import type { IncomingMessage } from 'node:http';
import { Refusal } from '../refusal';
import type { Caller, Scope } from '../route';
import { type ApiToken, callerOf } from './api-tokens';

const ANYBODY: Caller = { name: 'anonymous', scopes: [] };

/** Asked before anything else about a request, so that it tells nothing of what exists. */
export function authorize(
  request: IncomingMessage,
  scopes: readonly Scope[],
  tokens: readonly ApiToken[],
): Caller {
  if (scopes.length === 0) return ANYBODY;
  const given = request.headersDistinct['authorization'] ?? [];
  const [, secret] = /^Bearer +([\x21-\x7e]+)$/i.exec(given[0] ?? '') ?? [];
  const caller = secret && given.length === 1 ? callerOf(secret, tokens) : undefined;
  if (!caller) {
    const headers = { 'WWW-Authenticate': 'Bearer' };
    throw new Refusal(401, 'unauthorized', 'A valid bearer token is needed.', [], headers);
  }
  if (!scopes.some((scope) => caller.scopes.includes(scope))) {
    throw new Refusal(403, 'forbidden', `One of these scopes is needed: ${scopes.join(', ')}.`);
  }
  return caller;
}
