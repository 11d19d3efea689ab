import { parseInstant } from '@perennial/calendar';
import {
  type HttpClient,
  HttpFailure,
  type HttpFailureCode,
  type HttpRequest,
  ManualClock,
} from '@perennial/service';
import { type Answer, type CallKind, Line, type LineOptions, statusTrouble } from './line';
import { isTrouble, type Result, type Trouble, unanswered, unsettled } from './results';

type Given = number | HttpFailure | ((request: HttpRequest) => Promise<number>);

/** A line on which the provider answers as told, the last answer again and again. */
function lineTo(given: readonly Given[], options: Partial<LineOptions['limits']> = {}) {
  const asked: HttpRequest[] = [];
  const http: HttpClient = {
    send: async (request) => {
      const next = given[Math.min(asked.length, given.length - 1)] ?? 200;
      asked.push(request);
      if (next instanceof HttpFailure) throw next;
      const status = typeof next === 'number' ? next : await next(request);
      return { status, headers: { 'retry-after': '7' }, body: '{}' };
    },
  };
  const clock = new ManualClock(parseInstant('2026-01-31T06:00:00Z'));
  const limits = { connectTimeoutMs: 100, timeoutMs: 1_000, concurrency: 4, ...options };
  const line = new Line(http, clock, {
    url: 'http://provider/',
    sheet: { callsPerSecond: null },
    limits,
  });
  const ask = (kind: CallKind) => line.ask({ kind, method: 'POST', path: '/x', body: '{}', read });
  return { line, asked, clock, ask };
}

function read(answer: Answer): { said: number } | Trouble {
  return answer.status === 200 ? { said: answer.status } : statusTrouble(answer);
}

const failed = (code: HttpFailureCode, sent: boolean) => new HttpFailure(code, sent);

// biome-ignore format: a table
test.each<[Given, Result, 'not_sent' | 'unknown' | 'refused', boolean | null, number, number]>([
  //                                                              arrived  charge, enquiry: how often it is asked
  [failed('refused', false),     'connection refused',   'not_sent', false, 3, 3],
  [failed('unreachable', false), 'unreachable',          'not_sent', false, 3, 3],
  [failed('timeout', false),     'connecting timed out', 'not_sent', false, 3, 3],
  [failed('timeout', true),      'timed out',            'unknown',  null,  1, 3],
  [failed('reset', true),        'connection lost',      'unknown',  null,  1, 3],
  [failed('refused', true),      'connection lost',      'unknown',  null,  1, 3],
  [failed('too-large', true),    'answer too large',     'unknown',  null,  1, 1],
  [failed('unreadable', true),   'unreadable answer',    'unknown',  null,  1, 3],
  [302,                          'redirected',           'unknown',  null,  1, 1],
  [204,                          'unreadable answer',    'unknown',  null,  1, 3],
  [400,                          'rejected',             'refused',  null,  1, 1],
  [401,                          'bad credentials',      'not_sent', true,  1, 1],
  [429,                          'too fast',             'not_sent', true,  1, 1],
  [500,                          'server error',         'unknown',  null,  1, 3],
  [502,                          'server error',         'unknown',  null,  1, 3],
  [503,                          'unavailable',          'not_sent', true,  1, 3],
])('%p is %s: a charge is %s', async (given, result, outcome, arrived, charges, enquiries) => {
  const charging = lineTo([given]);
  const met = await charging.ask('charge');
  expect(met).toMatchObject({ trouble: result });
  if (!isTrouble(met)) throw new Error('no trouble');
  expect(unsettled(met)).toMatchObject(arrived === null ? { outcome } : { outcome, arrived });
  expect(unanswered(met).outcome).toBe('unknown');
  expect(charging.asked).toHaveLength(charges);
  const enquiring = lineTo([given]);
  expect(await enquiring.ask('enquire')).toMatchObject({ trouble: result });
  expect(enquiring.asked).toHaveLength(enquiries);
});

test('what is repeated is the same, byte for byte, and the first good answer counts', async () => {
  const { ask, asked } = lineTo([failed('refused', false), 200]);
  expect(await ask('charge')).toEqual({ said: 200 });
  expect(asked[1]).toEqual(asked[0]);
});

test('repetitions have a budget: an outage is not answered with a multiple of the load', async () => {
  const { ask, asked } = lineTo([failed('timeout', true)]);
  for (let n = 0; n < 5; n += 1) await ask('enquire');
  const { ask: other, asked: more } = lineTo([404]);
  for (let n = 0; n < 5; n += 1) await other('enquire');
  expect([asked.length, more.length]).toEqual([10, 5]);
});

test('charges are stopped by their failures while enquiries still go out', async () => {
  let well = false;
  const { ask, asked } = lineTo([async () => (well ? 200 : 500)]);
  for (let n = 0; n < 10; n += 1) await ask('charge');
  const known = asked.length;
  well = true;
  expect(await ask('charge')).toMatchObject({ trouble: 'circuit open' });
  expect(asked).toHaveLength(known);
  expect(await ask('enquire')).toEqual({ said: 200 });
  expect(await ask('refund')).toEqual({ said: 200 });
});

test('what the provider says about the request itself does not open the circuit', async () => {
  const { ask, asked } = lineTo([400]);
  for (let n = 0; n < 30; n += 1) await ask('charge');
  expect(asked).toHaveLength(30);
});

test('asked to wait, no call of any kind goes out until then', async () => {
  const { ask, asked, clock, line } = lineTo([429, 200]);
  await ask('charge');
  expect(await ask('enquire')).toMatchObject({ trouble: 'held back', waitMs: 7_000 });
  expect(line.pace.available()).toBe(0);
  expect(asked).toHaveLength(1);
  await clock.set(parseInstant('2026-01-31T06:00:07Z'));
  expect(await ask('enquire')).toEqual({ said: 200 });
});

test('no more calls are under way than agreed; others wait, and too many are held back', async () => {
  let open = 0;
  let most = 0;
  const slow = async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open -= 1;
    return 200;
  };
  const { ask } = lineTo([slow], { concurrency: 4 });
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask('charge')));
  expect(most).toBe(4);
  const held = answers.filter((answer) => isTrouble(answer) && answer.trouble === 'held back');
  expect(held).toHaveLength(30 - 4 - 16);
});

test('times to connect and to answer are told to the client', async () => {
  const { ask, asked } = lineTo([200]);
  await ask('charge');
  expect(asked[0]).toMatchObject({
    url: 'http://provider/x',
    connectTimeoutMs: 100,
    timeoutMs: 1_000,
    headers: { 'Content-Type': 'application/json' },
  });
});
