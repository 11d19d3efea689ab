import { z } from 'zod';
import { acknowledgeOne } from '../../door/acknowledge';
import type { Answer } from '../../door/answer';
import type { Outcome, Provider } from '../provider';

/** As it came: a number or a text. */
const Numbered = z.object({ batchNo: z.union([z.number(), z.string()]) });

/**
 * Only this ends the batch; anything else brings all of it again. What is wrong with an item ends here,
 * for it lies in quarantine; what is wrong with the batch does not, for items may be missing.
 */
export function acknowledgeBatch(
  outcomes: readonly Outcome[],
  { request, content }: Parameters<Provider['acknowledge']>[1],
  { acknowledgeQuarantined }: { readonly acknowledgeQuarantined: boolean },
): Answer {
  const whole = outcomes.find(({ reading }) => reading.body === undefined);
  const numbered = Numbered.safeParse(content);
  const ends = whole === undefined || acknowledgeQuarantined;
  if (ends && numbered.success) {
    return { status: 200, body: { rc: '00', batchNo: numbered.data.batchNo } };
  }
  return acknowledgeOne(whole, request, { acknowledgeQuarantined: false });
}
