import { parseInstant } from '@perennial/calendar';
import { testMysqlUrl } from '@perennial/testing';
import { runBilling } from '../../test/running-billing';
import { subscribersOf } from '../../test/subscribers';

/** In one run over so many, over real HTTP. */
async function statementsOfRun(customers: number): Promise<number> {
  const running = await runBilling(await testMysqlUrl());
  try {
    await subscribersOf(running).many(customers);
    await running.clock.set(parseInstant('2026-02-28T06:00:00Z'));
    running.statements.length = 0;
    const { body } = await running.call('POST', '/runs');
    expect(body).toMatchObject({ due: customers, sent: customers, succeeded: customers });
    return running.statements.length;
  } finally {
    await running.stop();
  }
}

test.each([200, 400])('with %i due a charge costs less than one statement', async (customers) => {
  expect((await statementsOfRun(customers)) / customers).toBeLessThan(1);
});
