import type { Random } from '../random';

/** Where the answer to a charge gets lost, or when it comes. */
export type Answering =
  | 'at once'
  | 'hang'
  | 'reset_after'
  | '500_after'
  | 'html'
  | 'truncated'
  | 'slow';

/** What becomes of one charge. */
export interface Behaviour {
  /** Null: it succeeds. */
  readonly declineCode: string | null;
  readonly pending: boolean;
  readonly answering: Answering;
  /** Refused before any work: nothing is charged. */
  readonly refusal: 503 | 429 | null;
  readonly webhooks: 'once' | 'thrice' | 'never' | 'first';
}

export const FAULTS = [
  'hang',
  'reset_after',
  '500_after',
  '503_before',
  '429',
  'html',
  'truncated',
  'no_webhook',
  'dup_webhook',
  'webhook_first',
] as const;
export type Fault = (typeof FAULTS)[number];

const ANSWERING = ['hang', 'reset_after', '500_after', 'html', 'truncated', 'slow'] as const;

/**
 * Words in a payment method's token tell what is to happen. `charges`: how many were made with it
 * before this one; `calls`: how often it was sent here, those refused before any work included.
 */
export function behaviourOf(
  token: string,
  { charges, calls }: { readonly charges: number; readonly calls: number },
  faults: ReadonlySet<Fault>,
): Behaviour {
  const has = (word: string) => token.includes(word) || faults.has(word as Fault);
  return {
    declineCode: declineCodeOf(token, charges),
    pending: token.includes('pending_'),
    answering: ANSWERING.find((word) => has(word)) ?? 'at once',
    refusal: refusalOf(token, calls, faults),
    webhooks: webhooksOf(has),
  };
}

function declineCodeOf(token: string, charges: number): string | null {
  const [, times, code = ''] = /decline(\d*)_([a-z_]*[a-z])/.exec(token) ?? [];
  if (times === undefined) return null;
  const declined = times === '' || charges < Number(times);
  return declined ? code : null;
}

/** The word refuses once; a random fault as often as it strikes. */
function refusalOf(token: string, calls: number, faults: ReadonlySet<Fault>): 503 | 429 | null {
  if (faults.has('429')) return 429;
  if (faults.has('503_before')) return 503;
  return token.includes('503_before') && calls === 0 ? 503 : null;
}

function webhooksOf(has: (word: string) => boolean): Behaviour['webhooks'] {
  if (has('no_webhook')) return 'never';
  if (has('dup_webhook')) return 'thrice';
  return has('webhook_first') ? 'first' : 'once';
}

/** Of what is told about a card or a refund, the outcome of a charge aside. */
export function copiesFor(token: string): number {
  return token.includes('dup_webhook') ? 3 : 1;
}

/** Each fault strikes by its own rate, from 0 to 1. */
export function strike(
  rates: Readonly<Partial<Record<Fault, number>>>,
  random: Random,
): Set<Fault> {
  return new Set(FAULTS.filter((fault) => (rates[fault] ?? 0) > random.next()));
}
