import type { Announce } from '@perennial/service';
import type { Context } from '../context';
import { type Answered, ask } from './ask';
import type { PlannedCall } from './claim';
import { settle } from './settle';

const CALLS_AT_ONCE = 48;
const SETTLED_TOGETHER = 100;

/**
 * Asks providers, a bounded number at once, and writes the answers in batches while others are still
 * awaited: one that hangs holds up nobody.
 */
export async function perform(
  calls: readonly PlannedCall[],
  context: Context,
  announce: Announce,
): Promise<Answered[]> {
  const answers: Answered[] = [];
  let written = 0;
  let writing: Promise<void> = Promise.resolve();

  const writeAll = async () => {
    while (written < answers.length) {
      const batch = answers.slice(written, written + SETTLED_TOGETHER);
      written += batch.length;
      await settle(batch, context, announce);
    }
  };
  const write = () => {
    writing = writing.then(writeAll);
    return writing;
  };

  const waiting = [...calls].reverse();
  const worker = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const answer = await ask(next, context);
      if (!answer) continue;
      answers.push(answer);
      // Not awaited: asking goes on. A failure is met at the end.
      write().catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker));
  await write();
  return answers;
}
