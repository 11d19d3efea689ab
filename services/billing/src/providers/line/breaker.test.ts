import { addMs, parseInstant } from '@perennial/calendar';
import { ManualClock } from '@perennial/service';
import { Breaker } from './breaker';

const clock = () => new ManualClock(parseInstant('2026-01-31T06:00:00Z'));

function recorded(breaker: Breaker, ...troubles: readonly boolean[]): boolean {
  for (const trouble of troubles) {
    if (breaker.admits()) breaker.record(trouble);
  }
  return breaker.admits();
}
const times = (count: number, trouble: boolean) => Array.from({ length: count }, () => trouble);

test.each<[string, boolean[], boolean]>([
  ['nine failures in a row are too few to judge by', times(9, true), true],
  ['ten failures in a row open it', times(10, true), false],
  ['half of twenty is not more than half', [...times(10, false), ...times(10, true)], true],
  ['eleven of the last twenty open it', [...times(9, false), ...times(11, true)], false],
  [
    'what is long past counts no more',
    [...times(5, true), ...times(20, false), ...times(9, true)],
    true,
  ],
])('%s', (_, troubles, open) => {
  expect(recorded(new Breaker(clock()), ...troubles)).toBe(open);
});

describe('an open one', () => {
  async function opened() {
    const time = clock();
    const breaker = new Breaker(time);
    recorded(breaker, ...times(10, true));
    return { time, breaker, later: (ms: number) => time.set(addMs(time.now(), ms)) };
  }

  test('admits nothing for 15 s, then a single call to see', async () => {
    const { breaker, later } = await opened();
    await later(14_999);
    expect(breaker.admits()).toBe(false);
    await later(1);
    expect([breaker.admits(), breaker.admits(), breaker.admits()]).toEqual([true, false, false]);
  });

  test('closes when that call goes well, and is as patient as at first', async () => {
    const { breaker, later } = await opened();
    await later(15_000);
    breaker.admits();
    breaker.record(false);
    expect(recorded(breaker, ...times(8, true))).toBe(true);
  });

  test('stays open for another 15 s when it does not', async () => {
    const { breaker, later } = await opened();
    await later(15_000);
    breaker.admits();
    breaker.record(true);
    await later(14_999);
    expect(breaker.admits()).toBe(false);
    await later(1);
    expect(breaker.admits()).toBe(true);
  });
});
