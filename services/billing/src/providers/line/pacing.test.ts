import { addMs, parseInstant } from '@perennial/calendar';
import { ManualClock } from '@perennial/service';
import { Pacing } from './pacing';

const START = parseInstant('2026-01-31T06:00:00Z');

function paced(callsPerSecond: number | null, spare = 0) {
  const clock = new ManualClock(START);
  return {
    pacing: new Pacing(callsPerSecond, clock, spare),
    at: (ms: number) => clock.set(addMs(START, ms)),
  };
}

test.each<[string, number, number, number, number]>([
  ['a second of the rate is there at first', 10, 0, 0, 10],
  ['what is taken is gone', 10, 7, 0, 3],
  ['it comes back with time', 10, 10, 250, 2],
  ['never more than a second of it', 10, 0, 60_000, 10],
  ['what was taken beyond it is paid back first', 10, 15, 500, 0],
  ['and then there is more', 10, 15, 700, 2],
  ['a rate below one a second still begins with a call', 0.5, 0, 0, 1],
])('%s', async (_, rate, taken, ms, available) => {
  const { pacing, at } = paced(rate);
  pacing.take(taken);
  await at(ms);
  expect(pacing.available()).toBe(available);
});

test('it tells when the next call may begin, to the millisecond', async () => {
  const { pacing, at } = paced(10);
  expect(pacing.readyAt()).toBeNull();
  pacing.take(12);
  expect(pacing.readyAt()).toBe(addMs(START, 300));
  await at(299);
  expect(pacing.available()).toBe(0);
  await at(300);
  expect([pacing.available(), pacing.readyAt()]).toEqual([1, null]);
});

test.each([
  [10, 1, 9],
  [10, 0, 10],
  [1, 1, 1],
  [0.5, 1, 1],
])(
  'of %d a second, %i spare, %i may begin at once, and the rate stays',
  async (rate, spare, most) => {
    const { pacing, at } = paced(rate, spare);
    expect(pacing.available()).toBe(most);
    pacing.take(most);
    expect(pacing.readyAt()).toBe(addMs(START, 1_000 / rate));
    await at(60_000);
    expect(pacing.available()).toBe(most);
  },
);

test('over an hour no more calls begin than the rate allows, and hardly fewer', async () => {
  const { pacing, at } = paced(10);
  let begun = 0;
  for (let ms = 0; ms < 3_600_000; ms += 137) {
    await at(ms);
    const now = Math.min(3, pacing.available());
    pacing.take(now);
    begun += now;
  }
  expect(begun).toBeLessThanOrEqual(36_010);
  expect(begun).toBeGreaterThan(35_900);
});

test('where no rate is declared, any number may begin', () => {
  const { pacing } = paced(null);
  pacing.take(100_000);
  expect([pacing.available(), pacing.readyAt()]).toEqual([Number.POSITIVE_INFINITY, null]);
});

test('asked to wait, nothing begins until then, and the longer wish counts', async () => {
  const { pacing, at } = paced(null);
  pacing.waitFor(2_000);
  pacing.waitFor(500);
  await at(1_999);
  expect([pacing.available(), pacing.waitMs()]).toEqual([0, 1]);
  expect(pacing.readyAt()).toBe(addMs(START, 2_000));
  await at(2_000);
  expect([pacing.readyAt(), pacing.waitMs()]).toEqual([null, null]);
});
