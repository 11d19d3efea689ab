import { proofBy } from '../../test/bank-receiver';
import { API_SECRET, ORDER, PARTNER, RunningBorealis } from '../../test/running-borealis';

let bank: RunningBorealis;
beforeEach(async () => {
  bank = await RunningBorealis.start();
});
afterEach(() => bank.stop());

const SECOND_MS = 1000;
const enquiry = { extRef: 'ref1' };
const ask = async (token: string) => {
  const { status, json } = await bank.ask('/api/enquire', enquiry, token);
  return `${status} ${json['rc']}`;
};
const logIn = async () => String((await bank.logIn()).json['sessionToken']);

test('a proof opens a session, and says for how long', async () => {
  const { status, json } = await bank.logIn();
  expect(status).toBe(200);
  expect(json).toEqual({
    rc: '00',
    sessionToken: expect.stringMatching(/^\S{20,}$/),
    validFor: 900,
  });
  expect(await ask(String(json['sessionToken']))).toBe('200 25');
});

test('the proof is what openssl makes of code, nonce and time', () => {
  const made = 'd2cf97fec5a0b8387ee70458ed95b0d67092060d4318739f5b925f7ab769cdc2';
  expect(proofBy('secret', 'P', 'n'.repeat(16), 1)).toBe(made);
});

// biome-ignore format: a table
test.each<[string, (bank: RunningBorealis) => Record<string, unknown>, string]>([
  ['of 300 seconds ago',           ({ nowTs }) => ({ ts: nowTs - 300 }),       '200 00'],
  ['of 301 seconds ago',           ({ nowTs }) => ({ ts: nowTs - 301 }),       '200 91'],
  ['of 300 seconds from now',      ({ nowTs }) => ({ ts: nowTs + 300 }),       '200 00'],
  ['of 301 seconds from now',      ({ nowTs }) => ({ ts: nowTs + 301 }),       '200 91'],
  ['by another secret',            () => ({ proof: proofBy('x', PARTNER, 'n'.repeat(16), 1) }), '200 91'],
  ['over another time',            ({ nowTs }) => ({ proof: proofBy(API_SECRET, PARTNER, 'n'.repeat(16), nowTs), nonce: 'n'.repeat(16), ts: nowTs + 1 }), '200 91'],
  ['of somebody else',             () => ({ partnerCode: 'SOMEBODY' }),        '200 91'],
  ['that is no proof',             () => ({ proof: 'me' }),                    '200 91'],
  ['with a nonce of 16',           () => ({ nonce: 'n'.repeat(16) }),          '200 00'],
  ['with a nonce of 64',           () => ({ nonce: 'n'.repeat(64) }),          '200 00'],
  ['with a nonce of 15',           () => ({ nonce: 'n'.repeat(15) }),          '400 30'],
  ['with a nonce of 65',           () => ({ nonce: 'n'.repeat(65) }),          '400 30'],
  ['without a nonce',              () => ({ nonce: undefined }),               '400 30'],
  ['with a time in a text',        () => ({ ts: '1767592800' }),               '400 30'],
  ['with half a second',           () => ({ ts: 1_767_592_800.5 }),            '400 30'],
])('a log-in %s', async (_, more, expected) => {
  const { status, json } = await bank.logIn(more(bank));
  expect(`${status} ${json['rc']}`).toBe(expected);
  expect('sessionToken' in json).toBe(expected === '200 00');
});

test('a nonce is good once, also when its proof is good', async () => {
  const body = bank.proven();
  expect((await bank.ask('/api/session', body)).json).toMatchObject({ rc: '00' });
  expect((await bank.ask('/api/session', body)).json).toEqual({ rc: '91' });
});

test('a nonce under a bad proof is not used up by it', async () => {
  const body = bank.proven();
  expect((await bank.ask('/api/session', { ...body, proof: 'no' })).json).toEqual({ rc: '91' });
  expect((await bank.ask('/api/session', body)).json).toMatchObject({ rc: '00' });
});

test('three sessions live; a fourth ends the oldest', async () => {
  const tokens = [await logIn(), await logIn(), await logIn()];
  expect(await Promise.all(tokens.map(ask))).toEqual(['200 25', '200 25', '200 25']);
  const fourth = await logIn();
  const [first = '', ...rest] = tokens;
  expect(await ask(first)).toMatch(/93$/);
  expect(await Promise.all([...rest, fourth].map(ask))).toEqual(['200 25', '200 25', '200 25']);
});

test('one that has run out does not count among the three', async () => {
  const [first, second] = [await logIn(), await logIn()];
  await bank.pass(899 * SECOND_MS);
  const third = await logIn();
  await bank.pass(1 * SECOND_MS);
  const [fourth, fifth] = [await logIn(), await logIn()];
  expect(await Promise.all([third, fourth, fifth].map(ask))).toEqual([
    '200 25',
    '200 25',
    '200 25',
  ]);
  expect((await Promise.all([first, second].map(ask))).join()).toMatch(/93.*93/);
});

test('a session ends when it has run out, and not before', async () => {
  const token = await logIn();
  await bank.pass(900 * SECOND_MS - 1);
  expect(await ask(token)).toBe('200 25');
  await bank.pass(1);
  expect(await ask(token)).toMatch(/93$/);
});

test('how long it lives can be said', async () => {
  await bank.stop();
  bank = await RunningBorealis.start({ sessionSeconds: 5 });
  const { json } = await bank.logIn();
  expect(json).toMatchObject({ validFor: 5 });
  await bank.pass(5 * SECOND_MS);
  expect(await ask(String(json['sessionToken']))).toMatch(/93$/);
});

test.each(['charge', 'reverse', 'enquire', 'statement'])(
  '%s without a session is told of it in two ways, in turn, and does nothing',
  async (call) => {
    const said = [];
    for (const token of ['', 'never', 'given', 'out']) {
      const { status, json } = await bank.ask(
        `/api/${call}`,
        { ...ORDER, cardToken: 'ctok' },
        token,
      );
      expect(json).toEqual({ rc: '93' });
      said.push(status);
    }
    expect(said).toEqual([200, 401, 200, 401]);
    expect(bank.borealis.ledger().charges).toEqual([]);
  },
);

test('session_loss: the first charge finds its session ended, and goes well in the next', async () => {
  expect((await bank.charge('ct_session_loss_ok')).json).toEqual({ rc: '93' });
  expect((await bank.charge('ct_ok')).json).toEqual({ rc: '93' });
  expect(bank.borealis.ledger().charges).toEqual([]);
  await bank.logIn();
  expect((await bank.charge('ct_session_loss_ok')).json).toMatchObject({ rc: '00', st: 'A' });
});
