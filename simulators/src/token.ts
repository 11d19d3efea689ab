export const ANSWERING = ['hang', 'reset_after', '500_after', 'html', 'truncated', 'slow'] as const;
/** Where an answer gets lost after the work was done, or how slowly it comes. */
export type Answering = (typeof ANSWERING)[number];

export const REFUSALS = ['429', '503_before'] as const;
/** Why a call is turned away before any work. */
export type Refusal = (typeof REFUSALS)[number];

/** The words that a provider knows, each list in the order in which they count. */
export interface Words<A extends string, R extends string> {
  readonly answering: readonly A[];
  readonly refusals: readonly R[];
}

export interface Manner<A extends string, R extends string> {
  readonly answering: A | 'at once';
  readonly refusal: R | null;
}

interface Fate {
  readonly pending: boolean;
  /** How long, where it is not as long as usual. */
  readonly pendingMs?: number;
  readonly webhooks: keyof typeof COPIES;
}

/** What becomes of one charge. */
export interface ChargeFate extends Fate {
  /** Null: it succeeds. */
  readonly declineCode: string | null;
}

/** What becomes of one refund. */
export interface RefundFate extends Fate {
  readonly fails: boolean;
}

/** How often an event is sent. */
export const COPIES = { once: 1, first: 1, thrice: 3, never: 0 } as const;

/** Words before `refund_` are about charges, those behind it about refunds. */
export function wordsOf(token: string): { readonly charge: string; readonly refund: string } {
  const [charge = '', ...refund] = token.split('refund_');
  return { charge, refund: refund.join('refund_') };
}

/** `charges`: how many were made with the card before this one. */
export function chargeFate(
  token: string,
  charges: number,
  faults: ReadonlySet<string>,
): ChargeFate {
  const words = wordsOf(token).charge;
  return {
    declineCode: declineCodeOf(words, charges),
    pending: words.includes('pending_'),
    webhooks: webhooksOf((word) => words.includes(word) || faults.has(word)),
  };
}

export function refundFate(token: string, faults: ReadonlySet<string>): RefundFate {
  const words = wordsOf(token).refund;
  const isThrice = token.includes('dup_webhook');
  return {
    fails: words.includes('fail'),
    pending: words.includes('pending'),
    webhooks: webhooksOf(
      (word) => words.includes(word) || faults.has(word) || (word === 'dup_webhook' && isThrice),
    ),
  };
}

/** `calls`: how often this was sent here before, the calls that were turned away included. */
export function mannerOf<A extends string, R extends string>(
  known: Words<A, R>,
  words: string,
  { calls, faults }: { readonly calls: number; readonly faults: ReadonlySet<string> },
): Manner<A, R> {
  const answers = (word: A) => faults.has(word) || isSaid(words, word);
  const refuses = (word: R) => faults.has(word) || (calls === 0 && isSaid(words, word));
  return {
    answering: known.answering.find(answers) ?? 'at once',
    refusal: known.refusals.find(refuses) ?? null,
  };
}

/** Numbers strike at random only: the free part of a token may have them by chance. */
function isSaid(words: string, word: string): boolean {
  return !/^\d+$/.test(word) && words.includes(word);
}

function declineCodeOf(words: string, charges: number): string | null {
  const [, times, code = ''] = /decline(\d*)_([a-z_]*[a-z])/i.exec(words) ?? [];
  if (times === undefined) return null;
  const declined = times === '' || charges < Number(times);
  return declined ? code : null;
}

function webhooksOf(has: (word: string) => boolean): Fate['webhooks'] {
  if (has('no_webhook')) return 'never';
  if (has('dup_webhook')) return 'thrice';
  return has('webhook_first') ? 'first' : 'once';
}

/** Of what is told about a card, and of a refund from the dashboard. */
export function copiesFor(token: string): number {
  return token.includes('dup_webhook') ? COPIES.thrice : COPIES.once;
}
