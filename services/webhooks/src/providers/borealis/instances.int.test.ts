import { testMysqlUrl } from '@perennial/testing';
import {
  askSession,
  batchOf,
  chargeFail,
  chargeOk,
  deliver,
  logIn,
  proving,
} from '../../../test/bank';
import { type Running, runWebhooks } from '../../../test/running-webhooks';

let url: string;
let instances: Running[];
beforeAll(async () => {
  url = await testMysqlUrl();
});
beforeEach(async () => {
  instances = [await runWebhooks(url), await runWebhooks(url)];
});
afterEach(async () => {
  for (const running of instances) await running.stop();
});

const urlOf = (n: number) => instances[n % 2]?.url ?? '';
const rows = async (sql: string, values = {}) =>
  (await instances[0]?.db.transaction((tx) => tx.select(sql, values))) ?? [];
const rounds = Array.from({ length: 5 }, (_, round) => round);

test('a token is good at every instance, and after a restart of all', async () => {
  const token = await logIn(urlOf(0));
  expect((await deliver(urlOf(1), token, batchOf([]))).status).toBe(200);
  for (const running of instances) await running.stop();
  instances = [await runWebhooks(url), await runWebhooks(url)];
  expect((await deliver(urlOf(0), token, batchOf([]))).status).toBe(200);
});

test('log-ins at both instances share the three sessions', async () => {
  const tokens: string[] = [];
  for (let n = 0; n < 5; n += 1) tokens.push(await logIn(urlOf(n)));
  const answers = await Promise.all(
    tokens.map((token, n) => deliver(urlOf(n + 1), token, batchOf([]))),
  );
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 200, 200, 200]);
});

test.each(rounds)('one nonce at both instances at once opens one session (%i)', async () => {
  const proof = proving();
  const answers = await Promise.all(rounds.map((n) => askSession(urlOf(n), proof)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401]);
});

test.each(rounds)(
  'fifty times one batch at once, at two instances: each event is told once (%i)',
  async () => {
    const token = await logIn(urlOf(0));
    const items = [...Array.from({ length: 20 }, () => chargeOk()), chargeFail('x', { sum: 'y' })];
    const twisted = (n: number) => (n % 3 === 0 ? [...items].reverse() : items);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => deliver(urlOf(n), token, batchOf(twisted(n)))),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    const numbers = items.map(({ evNo }) => String(evNo));
    const kept = await rows(
      'SELECT status, message_id FROM deliveries WHERE event_id IN (:numbers)',
      {
        numbers,
      },
    );
    expect(kept.filter(({ status }) => status === 'quarantined')).toHaveLength(1);
    expect(kept.filter((row) => row['messageId'] !== null)).toHaveLength(20);
    const said = (await rows('SELECT body FROM outbox')).map(({ body }) =>
      JSON.parse(String(body)),
    );
    const told = said.map(({ data }) => data.eventId).filter((id) => numbers.includes(id));
    expect(told.sort()).toEqual(numbers.slice(0, 20).sort());
  },
);
