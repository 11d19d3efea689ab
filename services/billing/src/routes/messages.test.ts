import { PaymentMethodChanged } from '@perennial/contracts';
import { newCause } from '@perennial/messaging';
import { type Running, runBilling } from '../../test/running-billing';

let running: Running;
beforeEach(async () => {
  running = await runBilling();
});
afterEach(() => running.stop());

/** A customer of a provider that is not in use here: nobody could charge them, so nothing is forgotten. */
async function failing(): Promise<string> {
  const { ids, clock } = running;
  const customerId = ids();
  const facts = { customerId, provider: 'nimbus', paymentMethod: 'x', combineCharges: true };
  const data = { ...facts, changedAt: clock.now() };
  const cause = newCause('system', 'timer:test', ids);
  await running.tell(PaymentMethodChanged.of(customerId, 1, data, cause));
  const { body } = await running.call('GET', '/messages');
  expect(body.data).toMatchObject([{ state: 'retrying', error: expect.stringMatching(/nimbus/) }]);
  return body.data[0].id;
}

const told = (id: string) =>
  running.db.transaction((tx) =>
    tx.select(
      `SELECT to_state, actor, facts FROM audit_entries
       WHERE entity_type = 'message' AND entity_id = :id ORDER BY id`,
      { id },
    ),
  );

test('the message of a customer whose provider is not in use here fails, and waits', async () => {
  await failing();
  const accounts = await running.db.transaction((tx) =>
    tx.select('SELECT provider FROM accounts WHERE provider IS NOT NULL'),
  );
  expect(accounts).toEqual([]);
});

test('what an operator does about a message is audited: tried again, given up', async () => {
  const id = await failing();
  const again = await running.call('POST', `/messages/${id}/retry`);
  expect(again.body).toMatchObject({ handled: false, failed: { attempts: 2 } });
  const body = { reason: 'they left' };
  expect((await running.call('POST', `/messages/${id}/discard`, { body })).status).toBe(200);
  const actor = expect.stringMatching(/^operator:/);
  expect(await told(id)).toMatchObject([
    { toState: 'retrying', actor },
    { toState: 'discarded', actor, facts: expect.stringMatching(/they left/) },
  ]);
});
