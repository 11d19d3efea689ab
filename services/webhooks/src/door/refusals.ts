import { type Answer, problem } from './answer';
import { MAX_BODY_BYTES } from './read-body';

export function unknownPath(requestId: string): Answer {
  const detail = 'There is no such provider, or no such call.';
  return problem({ status: 404, code: 'not-found', detail, requestId });
}

export function wrongMethod(requestId: string): Answer {
  const detail = 'Webhooks are told by POST.';
  const headers = { allow: 'POST' };
  return problem({ status: 405, code: 'method-not-allowed', detail, headers, requestId });
}

export function wrongPeer(requestId: string): Answer {
  const detail = 'This address is not one of the provider.';
  return problem({ status: 403, code: 'peer-not-allowed', detail, requestId });
}

export function wrongMediaType(requestId: string): Answer {
  const detail = 'Expected application/json in UTF-8, without Content-Encoding.';
  return problem({ status: 415, code: 'unsupported-media-type', detail, requestId });
}

export function tooLong(requestId: string): Answer {
  const detail = `A body has at most ${MAX_BODY_BYTES} bytes.`;
  return problem({ status: 413, code: 'body-too-long', detail, requestId });
}

/** The same whatever the cause, so that nobody learns how close they were. */
export function notAuthentic(requestId: string): Answer {
  const detail = 'The request is not authentic.';
  return problem({ status: 401, code: 'not-authentic', detail, requestId });
}

export function tooManyFailures(requestId: string, waitS: number): Answer {
  const detail = 'Too many requests from this address were not authentic.';
  const headers = { 'retry-after': String(waitS) };
  return problem({ status: 429, code: 'too-many-failures', detail, headers, requestId });
}

export function tooManySessions(requestId: string, waitS: number): Answer {
  const detail = 'Too many sessions were asked for from this address.';
  const headers = { 'retry-after': String(waitS) };
  return problem({ status: 429, code: 'too-many-sessions', detail, headers, requestId });
}

/** Nothing was stored: the provider's next try is not a duplicate. */
export function unavailable(requestId: string): Answer {
  const detail = 'The event could not be stored. Send it again.';
  const headers = { 'retry-after': '10' };
  return problem({ status: 503, code: 'not-stored', detail, headers, requestId });
}
