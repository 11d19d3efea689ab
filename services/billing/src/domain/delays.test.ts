import { addMs, parseInstant } from '@perennial/calendar';
import { enquireAt, isEarly, keyIsAlive, resendAt } from './delays';

const now = parseInstant('2026-02-03T06:00:00.000Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const after = (ms: number) => addMs(now, ms);

describe('When an enquiry is made, after the one before', () => {
  test.each([
    ['unknown', 0, 30 * SECOND],
    ['unknown', 1, 2 * MINUTE],
    ['unknown', 2, 10 * MINUTE],
    ['unknown', 3, HOUR],
    ['unknown', 4, 6 * HOUR],
    ['unknown', 5, 6 * HOUR],
    ['unknown', 100, 6 * HOUR],
    ['pending', 0, 10 * MINUTE],
    ['pending', 1, HOUR],
    ['pending', 2, 6 * HOUR],
    ['pending', 3, 6 * HOUR],
    ['pending', 100, 6 * HOUR],
  ] as const)('%s, %i made: after %i ms', (state, made, ms) => {
    expect(enquireAt(state, made, now, now)).toBe(after(ms));
  });

  test.each([
    ['sooner than a day after the attempt: then', 2, 17 * HOUR, 10 * MINUTE],
    ['on the very moment', 3, 23 * HOUR, HOUR],
    ['later: a day after the attempt', 3, 23 * HOUR + 1, HOUR - 1],
    ['later still', 5, 24 * HOUR - 1, 1],
    ['when the day is over, up the ladder as before', 5, 24 * HOUR, 6 * HOUR],
  ])('the next would be %s', (_, made, ageMs, ms) => {
    expect(enquireAt('unknown', made, after(ageMs), now)).toBe(after(ageMs + ms));
  });
});

describe('When what was not sent is sent again', () => {
  test.each([
    [1, null, 30 * SECOND],
    [2, null, 2 * MINUTE],
    [3, null, 10 * MINUTE],
    [4, null, 30 * MINUTE],
    [5, null, HOUR],
    [100, null, HOUR],
    [1, 10 * SECOND, 30 * SECOND],
    [1, 31 * SECOND, 31 * SECOND],
    [100, 2 * HOUR, 2 * HOUR],
  ])('%i times sent, asked to wait %s: after %i ms', (sends, waitMs, ms) => {
    expect(resendAt(sends, waitMs, now)).toBe(after(ms));
  });
});

describe('The life of a key, a minute short so that the call falls within it', () => {
  test.each([
    ['just sent', 0, 24 * HOUR, true],
    ['with more than a minute left', 24 * HOUR - MINUTE - 1, 24 * HOUR, true],
    ['with a minute left', 24 * HOUR - MINUTE, 24 * HOUR, false],
    ['over', 24 * HOUR, 24 * HOUR, false],
    ['of a provider that never forgets', 1000 * HOUR, null, true],
  ])('%s', (_, ageMs, lifetimeMs, alive) => {
    expect(keyIsAlive(now, lifetimeMs, after(ageMs))).toBe(alive);
  });

  test('begins with the first send that may have arrived', () => {
    expect(keyIsAlive(null, 24 * HOUR, after(1000 * HOUR))).toBe(true);
  });
});

describe('"Not found" means something only past the lag, after the longest call has ended', () => {
  test.each([
    ['at once, of a provider that sees everything at once', 0, 0, true],
    ['within half a minute', 0, 29_999, true],
    ['after half a minute', 0, 30_000, false],
    // Simulation, seed 404: begun 10 s after its commit, it arrived another 24 s later.
    ['when the lease is over, of one with a lag', 30_000, 60_000, true],
    ['within the lag after that', 30_000, 89_999, true],
    ['past the lag', 30_000, 90_000, false],
  ])('%s', (_, lagMs, ms, early) => {
    expect(isEarly(null, now, lagMs, after(ms))).toBe(early);
    const asked = { nextActionAt: after(ms + MINUTE), sends: 1, enquiries: 0 };
    expect(isEarly(asked, now, lagMs, after(ms + 20_000))).toBe(early);
  });
});
