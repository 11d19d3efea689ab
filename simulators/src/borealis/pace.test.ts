import { RunningBorealis } from '../../test/running-borealis';

let bank: RunningBorealis;
afterEach(() => bank.stop());

const enquire = async () => {
  const { status, json } = await bank.ask('/api/enquire', { extRef: 'ref1' });
  expect(status).toBe(200);
  return json;
};
const TOO_FAST = { rc: '29', waitSec: 1 };
const NOT_FOUND = { rc: '25' };

async function codes(calls: number): Promise<unknown[]> {
  const said = [];
  for (let call = 0; call < calls; call += 1) said.push((await enquire())['rc']);
  return said;
}
const times = (count: number, code: string) => Array.from({ length: count }, () => code);

test('ten calls a second are taken, the log-in among them, and no more', async () => {
  bank = await RunningBorealis.start({ callsPerSecond: 10 });
  expect(await codes(11)).toEqual([...times(9, '25'), ...times(2, '29')]);
  await bank.pass(99);
  expect(await enquire()).toEqual(TOO_FAST);
  await bank.pass(1);
  expect(await codes(2)).toEqual(['25', '29']);
  await bank.pass(1000);
  expect(await codes(11)).toEqual([...times(10, '25'), '29']);
});

test('a quiet hour saves up no more than a second', async () => {
  bank = await RunningBorealis.start({ callsPerSecond: 10 });
  await bank.pass(600_000);
  expect(await codes(11)).toEqual([...times(10, '25'), '29']);
});

test('ten a second are what a bank takes unless something else is said', async () => {
  bank = await RunningBorealis.start({});
  expect(await codes(10)).toEqual([...times(9, '25'), '29']);
});

test('a bank that takes a call in five seconds says how long to wait', async () => {
  bank = await RunningBorealis.start({ callsPerSecond: 0.2 });
  expect(await enquire()).toEqual({ rc: '29', waitSec: 5 });
  await bank.pass(2500);
  expect(await enquire()).toEqual({ rc: '29', waitSec: 3 });
  await bank.pass(2500);
  expect(await enquire()).toEqual(NOT_FOUND);
});

test('log-ins and charges are turned away too, and what the simulator is told is not', async () => {
  bank = await RunningBorealis.start({ callsPerSecond: 1 });
  expect((await bank.logIn()).json).toEqual(TOO_FAST);
  expect((await bank.charge('ct_ok')).json).toEqual(TOO_FAST);
  expect(bank.borealis.ledger().charges).toEqual([]);
  for (let call = 0; call < 3; call += 1) {
    expect(await bank.look('/_sim/ledger')).toEqual({ charges: [], refunds: [] });
  }
  await bank.pass(1000);
  expect((await bank.charge('ct_ok')).json).toMatchObject({ rc: '00' });
});
