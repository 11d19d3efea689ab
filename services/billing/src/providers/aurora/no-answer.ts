import type { Exchange } from './client';

type Failure = Extract<Exchange, { failure: string }>;
type Answer = Exclude<Exchange, Failure>;

/** What holds for charges and refunds alike. */
type Unsettled =
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string }
  | { readonly outcome: 'not_sent'; readonly detail: string; readonly waitMs: number | null };

export function noAnswer({ failure, maybeSent }: Failure): Unsettled {
  return maybeSent
    ? { outcome: 'unknown', detail: failure }
    : { outcome: 'not_sent', detail: failure, waitMs: null };
}

/** Turned away before any work: a wrong API key, too many requests, and Aurora's 503. */
const BEFORE_ANY_WORK = new Set([401, 429, 503]);

export function unusual({ status, waitMs, replayed }: Answer): Unsettled {
  const detail = `answered ${status}`;
  if (BEFORE_ANY_WORK.has(status)) {
    // Only work keeps an answer: a 503 that comes again may stand for a charge that was made.
    return replayed ? { outcome: 'unknown', detail } : { outcome: 'not_sent', detail, waitMs };
  }
  const ours = status >= 400 && status < 500;
  return { outcome: ours ? 'refused' : 'unknown', detail };
}
