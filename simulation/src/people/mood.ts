import type { Card, Life } from './life';

/** What becomes of one charge. */
export interface Mood {
  /** The provider's code; null: it succeeds. */
  readonly decline: string | null;
  /** How long it stays open; 0: it is decided at once. */
  readonly pendingMs: number;
}

/** `nth`: how many charges were made with the card before this one. A card of nobody is good. */
export function moodOf(life: Life, paymentMethod: string, atMs: number, nth: number): Mood {
  const card = cardOf(life, paymentMethod);
  if (!card) return { decline: null, pendingMs: 0 };
  const { waits } = card;
  const isOpen = waits !== null && nth % waits.every === 0;
  return { decline: declineOf(card, atMs, nth), pendingMs: isOpen ? waits.pendingMs : 0 };
}

/** `nth` of the refunds of charges with the card: only the first of them fails, so that one asked again works. */
export function refundMoodOf(
  life: Life,
  paymentMethod: string,
  nth: number,
): { readonly fails: boolean; readonly pendingMs: number } {
  const refunds = cardOf(life, paymentMethod)?.refunds;
  return { fails: nth === 0 && refunds?.fails === true, pendingMs: refunds?.pendingMs ?? 0 };
}

function cardOf(life: Life, paymentMethod: string): Card | undefined {
  return life.cards.find((card) => card.paymentMethod === paymentMethod);
}

function declineOf({ declines }: Card, atMs: number, nth: number): string | null {
  if (!declines) return null;
  const strikes =
    declines.counted === 'in days'
      ? declines.fromMs <= atMs && (declines.toMs === null || atMs < declines.toMs)
      : declines.from <= nth && nth < declines.to;
  return strikes ? declines.code : null;
}
