import type { Plant } from './planting';
import { PLANTS_IN_BOOKS } from './plants-in-books';
import { PLANTS_IN_ENDS } from './plants-in-ends';
import { PLANTS_IN_LATENESS } from './plants-in-lateness';
import { PLANTS_IN_MAILS } from './plants-in-mails';
import { PLANTS_IN_MONEY } from './plants-in-money';
import { PLANTS_IN_TELLING } from './plants-in-telling';
import { PLANTS_IN_TIME } from './plants-in-time';

/** Which invariant must find it, what it is, and how it is planted. */
export type Planted = readonly [invariant: string, fault: string, plant: Plant];

export const PLANTS: readonly Planted[] = [
  ...PLANTS_IN_MONEY,
  ...PLANTS_IN_TIME,
  ...PLANTS_IN_LATENESS,
  ...PLANTS_IN_ENDS,
  ...PLANTS_IN_TELLING,
  ...PLANTS_IN_MAILS,
  ...PLANTS_IN_BOOKS,
];
