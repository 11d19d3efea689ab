import type { NotSent } from '../../src/domain/evidence';
import type { Fate } from './history';

interface Meaning {
  /** What the provider does with the request; null: it never begins to work. */
  readonly work: 'done' | 'done, then an error' | 'an error' | null;
  /** What the caller makes of it; null: there is no caller any more. */
  readonly heard: 'the answer' | 'nothing' | NotSent | null;
}

const turnedAway = (detail: string, arrived: boolean, waitMs: number | null = null): NotSent => ({
  outcome: 'not_sent',
  ...{ detail, waitMs, arrived },
});

export const MEANING: Record<Fate, Meaning> = {
  answered: { work: 'done', heard: 'the answer' },
  'answer lost': { work: 'done', heard: 'nothing' },
  'killed after the send': { work: 'done', heard: null },
  'killed before the send': { work: null, heard: null },
  'never arrives': { work: null, heard: 'nothing' },
  refused: { work: null, heard: turnedAway('refused', false) },
  'turned away': { work: null, heard: turnedAway('503', true) },
  'too fast': { work: null, heard: turnedAway('429', true, 90_000) },
  'error before work': { work: 'an error', heard: 'nothing' },
  'error after work': { work: 'done, then an error', heard: 'nothing' },
};
