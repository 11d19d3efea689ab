import type { Tooth } from '../src/teeth/tooth';
import { becomingDue } from './becoming-due';
import { cardsAndEnds } from './cards-and-ends';
import { dunning } from './dunning';
import { evidence } from './evidence';
import { mail } from './mail';
import { refunds } from './refunds';
import { sending } from './sending';
import { telling } from './telling';
import { unknownOutcomes } from './unknown-outcomes';

export const teeth: readonly Tooth[] = [
  ...unknownOutcomes,
  ...sending,
  ...evidence,
  ...becomingDue,
  ...dunning,
  ...cardsAndEnds,
  ...refunds,
  ...telling,
  ...mail,
];
