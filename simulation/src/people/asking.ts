import { msOf } from '@perennial/calendar';
import { z } from 'zod';
import type { ServiceName, Span } from '../record';
import type { Answer, Door } from './door';

export interface Question {
  readonly service: ServiceName;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** The same for every repetition. */
  readonly key?: string;
}

/** `uncertain`: it may have taken effect all the same. */
export type Reply = Span &
  (
    | { readonly is: 'accepted'; readonly body: unknown }
    | {
        readonly is: 'refused';
        readonly status: number;
        readonly code: string;
        readonly uncertain: boolean;
      }
    /** `status`: what it was put off with in the end; null: with silence. */
    | { readonly is: 'no answer'; readonly status: number | null; readonly uncertain: boolean }
  );

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30 * 60_000;
/** Less than keys are kept for, so that a repetition is never a second request. */
const PATIENCE_MS = 3 * 24 * 3_600_000;

/** Sends the same again, with growing pauses, until it is accepted or refused. */
export async function ask(door: Door, question: Question): Promise<Reply> {
  const from = door.now();
  let mayHaveArrived = false;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const { service, method, path, body, key } = question;
    const answer = await door.send(service, method, path, body, key);
    const span = { from, to: door.now() };
    if (answer && !isPassing(answer)) {
      return { ...span, ...judged(answer, mayHaveArrived && key === undefined) };
    }
    mayHaveArrived ||= answer === null || answer.status < 300 || answer.status >= 500;
    if (msOf(span.to) - msOf(from) >= PATIENCE_MS) {
      const uncertain = mayHaveArrived && method !== 'GET';
      return { ...span, is: 'no answer', status: answer?.status ?? null, uncertain };
    }
    await door.pause(pauseMs);
  }
}

const Problem = z.object({ code: z.string() });

function codeOf(body: unknown): string {
  const problem = Problem.safeParse(body);
  return problem.success ? problem.data.code : '';
}

function isPassing({ status, body }: Answer): boolean {
  if (status >= 500 || status === 429 || (status < 300 && body === undefined)) return true;
  return status === 409 && codeOf(body) === 'idempotency-key-under-way';
}

/** Nobody is told this about a card that was taken before. */
const SURELY_NOT = 'attempt-unresolved';

/** Under a key an effect answers itself again; without one, what refuses now may follow from it. */
function judged({ status, body }: Answer, mayBeDone: boolean) {
  if (status < 300) return { is: 'accepted', body } as const;
  const code = codeOf(body);
  return { is: 'refused', status, code, uncertain: mayBeDone && code !== SURELY_NOT } as const;
}
