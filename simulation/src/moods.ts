import type { Moods } from '@perennial/simulators';
import type { Faults } from './faults';
import type { Life } from './people/life';
import { moodOf, refundMoodOf } from './people/mood';

/** What the providers make of charges and refunds: what is in the lives of those whose cards they are. */
export function moodsOf(
  lives: ReadonlyMap<number, Life>,
  faults: Faults,
  nowMs: () => number,
): Moods {
  const lifeOf = (token: string) => lives.get(personOf(token));
  return {
    charge: (token, charges) => {
      const life = lifeOf(token);
      const mood = life && moodOf(life, token, nowMs(), charges);
      return { declineCode: mood?.decline ?? null, pendingMs: mood?.pendingMs ?? 0 };
    },
    refund: (token, refunds) => {
      const life = lifeOf(token);
      return life ? refundMoodOf(life, token, refunds) : { fails: false, pendingMs: 0 };
    },
    lags: (token, createdAt) => faults.strikes('enquiry lag', token, createdAt),
  };
}

/** -1: nobody's. */
export function personOf(text: string): number {
  return Number(/(?:pm_p|ctp)(\d+)/.exec(text)?.[1] ?? -1);
}
