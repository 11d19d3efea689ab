import type { Moods } from '@perennial/simulators';
import type { Life } from './people/life';
import { moodOf, refundMoodOf } from './people/mood';

/** What the providers make of charges and refunds: what is in the lives of those whose cards they are. */
export function moodsOf(
  lives: Iterable<Life>,
  nowMs: () => number,
  lags: Moods['lags'] = () => false,
): Moods {
  const owners = new Map(
    [...lives].flatMap((life) => life.cards.map((card) => [card.paymentMethod, life] as const)),
  );
  return {
    charge: (token, charges) => {
      const life = owners.get(token);
      const mood = life && moodOf(life, token, nowMs(), charges);
      return { declineCode: mood?.decline ?? null, pendingMs: mood?.pendingMs ?? 0 };
    },
    refund: (token, refunds) => {
      const life = owners.get(token);
      return life ? refundMoodOf(life, token, refunds) : { fails: false, pendingMs: 0 };
    },
    lags,
  };
}

/** -1: nobody's. */
export function personOf(text: string): number {
  return Number(/(?:pm_p|ctp)(\d+)/.exec(text)?.[1] ?? -1);
}
