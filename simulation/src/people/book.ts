import type { Deed, Refused } from '../record';

/** Where it is written down what people did. The caller's. */
export interface Book {
  readonly deeds: Deed[];
  readonly refusals: Refused[];
}
