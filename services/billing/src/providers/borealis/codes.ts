import type { DeclineReason } from '@perennial/contracts';
import { z } from 'zod';
import { type Answer, atMostAnHour, statusTrouble } from '../line/line';
import { type Result, type Trouble, trouble } from '../line/results';

/** What an answer says by its rc, whichever call it is to. */
export type Said =
  | { readonly says: 'done' }
  | { readonly says: 'not found' }
  /** Our reference has been used before, with another sum: a mistake of ours. */
  | { readonly says: 'other sum' }
  | { readonly says: 'declined'; readonly reason: DeclineReason; readonly rc: string };

type Meaning =
  | Exclude<Said['says'], 'declined'>
  | { readonly declined: DeclineReason }
  | readonly [Result, string];

const Rc = z.enum(['00', '05', '14', '25', '29', '51', '54', '59', '91', '93', '94', '95', '96']);

// biome-ignore format: a table
const MEANING: Record<z.output<typeof Rc>, Meaning> = {
  '00': 'done',
  '05': { declined: 'do_not_honor' },
  '14': { declined: 'unknown' },
  '25': 'not found',
  '29': ['too fast', 'asked us to slow down'],
  '51': { declined: 'insufficient_funds' },
  '54': { declined: 'card_expired' },
  '59': { declined: 'suspected_fraud' },
  '91': ['bad credentials', 'bad credentials'],
  '93': ['session expired', 'the session has expired'],
  // The first charge's answer stands, whatever it was.
  '94': ['ambiguous', 'the reference was used before'],
  '95': 'other sum',
  '96': ['ambiguous', 'malfunction'],
};

const Coded = z.object({ rc: Rc, waitSec: z.number().positive().nullish().catch(null) });
const Uncoded = z.object({ rc: z.string().max(16) });

const UNAUTHORISED = 401;
const DEFAULT_WAIT_S = 1;

/** A code is believed under 200 only, but for a session that has ended: the bank says that under 401 too. */
export function said(answer: Answer): Said | Trouble {
  const { success, data } = Coded.safeParse(answer.json);
  const ended = answer.status === UNAUTHORISED && data?.rc === '93';
  if (answer.status !== 200 && !ended) return statusTrouble(answer);
  if (!success) return uncoded(answer);
  const meaning = MEANING[data.rc];
  if (typeof meaning === 'string') return { says: meaning };
  if ('declined' in meaning) return { says: 'declined', reason: meaning.declined, rc: data.rc };
  const [result, detail] = meaning;
  return trouble(result, detail, result === 'too fast' ? waitMs(data.waitSec) : null);
}

function waitMs(seconds: number | null | undefined): number {
  return atMostAnHour(Math.ceil((seconds ?? DEFAULT_WAIT_S) * 1000));
}

/** A code that nobody knows says nothing; without any it is not Borealis that answers. */
function uncoded(answer: Answer): Trouble {
  const { success, data } = Uncoded.safeParse(answer.json);
  return success ? trouble('ambiguous', `answered rc ${data.rc}`) : statusTrouble(answer);
}
