import type { Instant } from '@perennial/calendar';
import type { Deed } from '../record';
import type { Act } from './life';

/** What was asked and not done, as far as anybody was told. */
export interface Refused {
  readonly person: number;
  readonly what: string;
  /** Null: no answer came for days. */
  readonly status: number | null;
  readonly code: string;
  /** It may have taken effect all the same. */
  readonly uncertain: boolean;
  readonly at: Instant;
}

/** Where it is written down what people did. The caller's. */
export interface Book {
  readonly deeds: Deed[];
  readonly refusals: Refused[];
  /** Each act, when its turn has come. */
  begun?(person: number, act: Act, at: Instant): void;
}
