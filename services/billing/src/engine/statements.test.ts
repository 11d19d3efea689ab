import { parseInstant } from '@perennial/calendar';
import { runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';
import { type Answered, ask } from './ask';
import { claimDue } from './claim';
import { settle } from './settle';

/** How many statements it takes to claim so many, and to write what their provider answered. */
async function statementsFor(customers: number, paymentMethod: string) {
  const running = await runBilling();
  const { context, statements } = running;
  const announce = async () => undefined;
  const counted = async <T>(work: Promise<T>) => {
    statements.length = 0;
    return { result: await work, count: statements.length };
  };
  try {
    await subscribersOf(running).many(customers, paymentMethod);
    await running.clock.set(parseInstant('2026-02-28T06:00:00Z'));
    const claimed = await counted(claimDue('aurora', customers, context, announce));
    const answers: Answered[] = [];
    for (const call of claimed.result.calls) {
      const answer = await ask(call, context);
      if (answer) answers.push(answer);
    }
    expect(answers).toHaveLength(customers);
    const settled = await counted(settle(answers, context, announce));
    return { claim: claimed.count, settle: settled.count };
  } finally {
    await running.stop();
  }
}

test.each(['pm_ok', 'pm_decline_do_not_honor', 'pm_pending_1'])(
  'a hundred customers with %s take as many statements as ten',
  async (paymentMethod) => {
    const few = await statementsFor(10, paymentMethod);
    expect(await statementsFor(100, paymentMethod)).toEqual(few);
    expect(few.claim).toBeLessThan(15);
    expect(few.settle).toBeLessThan(20);
  },
);
