import type { NotSent } from '../../domain/evidence';

interface Meaning {
  /** Whether the provider may have got the request. */
  readonly sent: 'no' | 'maybe' | 'yes';
  /** What may be repeated at once: anything, only what changes nothing, or nothing. */
  readonly repeat: 'anything' | 'reading' | 'nothing';
  /** Whether it counts against the circuit breaker. */
  readonly trouble: boolean;
  /** What it says about a charge or refund. */
  readonly outcome: 'not_sent' | 'unknown' | 'refused';
}

/** All that can come of a call but an answer that was understood, and what follows. */
// biome-ignore format: a table
const MEANING = {
  // Nothing has left us.
  'circuit open':        { sent: 'no',    repeat: 'nothing',  trouble: false, outcome: 'not_sent' },
  'held back':           { sent: 'no',    repeat: 'nothing',  trouble: false, outcome: 'not_sent' },
  'no session':          { sent: 'no',    repeat: 'nothing',  trouble: false, outcome: 'not_sent' },
  'connection refused':  { sent: 'no',    repeat: 'anything', trouble: true,  outcome: 'not_sent' },
  'unreachable':         { sent: 'no',    repeat: 'anything', trouble: true,  outcome: 'not_sent' },
  'connecting timed out':{ sent: 'no',    repeat: 'anything', trouble: true,  outcome: 'not_sent' },
  // Turned away before any work.
  'too fast':            { sent: 'yes',   repeat: 'nothing',  trouble: false, outcome: 'not_sent' },
  'unavailable':         { sent: 'yes',   repeat: 'reading',  trouble: true,  outcome: 'not_sent' },
  'bad credentials':     { sent: 'yes',   repeat: 'nothing',  trouble: false, outcome: 'not_sent' },
  'session expired':     { sent: 'yes',   repeat: 'nothing',  trouble: false, outcome: 'not_sent' },
  // The money may have moved.
  'timed out':           { sent: 'maybe', repeat: 'reading',  trouble: true,  outcome: 'unknown' },
  'connection lost':     { sent: 'maybe', repeat: 'reading',  trouble: true,  outcome: 'unknown' },
  'answer too large':    { sent: 'yes',   repeat: 'nothing',  trouble: true,  outcome: 'unknown' },
  'unreadable answer':   { sent: 'yes',   repeat: 'reading',  trouble: true,  outcome: 'unknown' },
  'redirected':          { sent: 'yes',   repeat: 'nothing',  trouble: true,  outcome: 'unknown' },
  'server error':        { sent: 'yes',   repeat: 'reading',  trouble: true,  outcome: 'unknown' },
  'kept server error':   { sent: 'yes',   repeat: 'nothing',  trouble: false, outcome: 'unknown' },
  'ambiguous':           { sent: 'yes',   repeat: 'nothing',  trouble: false, outcome: 'unknown' },
  // The provider calls the request itself wrong: ours to mend, and no sign of its being down.
  'rejected':            { sent: 'yes',   repeat: 'nothing',  trouble: false, outcome: 'refused' },
} as const satisfies Record<string, Meaning>;

export type Result = keyof typeof MEANING;

/** What came of a call instead of an answer that was understood. */
export interface Trouble {
  readonly trouble: Result;
  /** For whoever looks; never a secret. */
  readonly detail: string;
  /** How long the provider asks us to wait. */
  readonly waitMs: number | null;
}

export function trouble(
  result: Result,
  detail: string = result,
  waitMs: number | null = null,
): Trouble {
  return { trouble: result, detail, waitMs };
}

export function meaningOf({ trouble: result }: Trouble): Meaning {
  return MEANING[result];
}

export function isTrouble(value: object): value is Trouble {
  return 'trouble' in value;
}

/** What holds for charges and refunds alike. */
export type Unsettled =
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'refused'; readonly detail: string }
  | NotSent;

/** What trouble with a charge or refund is evidence of. */
export function unsettled(met: Trouble): Unsettled {
  const { sent, outcome } = meaningOf(met);
  const { detail, waitMs } = met;
  if (outcome === 'not_sent') return { outcome, detail, waitMs, arrived: sent !== 'no' };
  return { outcome, detail };
}

export type Unanswered = Extract<Unsettled, { outcome: 'unknown' }>;

/** Trouble with an enquiry says nothing about what was asked. */
export function unanswered({ detail }: Trouble): Unanswered {
  return { outcome: 'unknown', detail };
}
