import { addMs, earliest, Instant, instantOfMs, msOf, parseInstant } from './instant';

// biome-ignore format: a table
test.each([
  ['2026-07-03T23:30:00Z',        '2026-07-03T23:30:00.000Z'],
  ['2026-07-04T00:30:00+01:00',   '2026-07-03T23:30:00.000Z'],
  ['2026-07-03T18:30:00-05:00',   '2026-07-03T23:30:00.000Z'],
  ['2026-07-03T23:30:00.5Z',      '2026-07-03T23:30:00.500Z'],
  ['2026-07-03T23:30:00.123999Z', '2026-07-03T23:30:00.123Z'],
  ['2999-12-31T23:59:59Z',        '2999-12-31T23:59:59.000Z'],
])('%s is written as %s', (text, written) => {
  expect(parseInstant(text)).toBe(written);
});

// biome-ignore format: a table
test.each([
  ['a time without an offset: nobody knows whose',    '2026-07-03T23:30:00'],
  ['a date: it is no midnight',                       '2026-07-03'],
  ['a day that February does not have',               '2026-02-30T00:00:00Z'],
  ['an hour 24',                                      '2026-07-03T24:00:00Z'],
  ['a minute 60',                                     '2026-07-03T23:60:00Z'],
  ['a leap second',                                   '2026-06-30T23:59:60Z'],
  ['an offset of 24 hours',                           '2026-07-03T23:30:00+24:00'],
  ['a space for the T',                               '2026-07-03 23:30:00Z'],
  ['a year that its offset makes 10000',              '9999-12-31T23:59:59-12:00'],
  ['a year that its offset makes 3000',               '2999-12-31T23:59:59-12:00'],
  ['a year of one’s typing',                          '0206-07-03T23:30:00Z'],
  ['a word',                                          'now'],
  ['nothing',                                         ''],
])('%s is refused as an instant, with one reason', (_, text) => {
  const { error } = Instant.safeParse(text);
  expect(error?.issues).toHaveLength(1);
});

test('instants count milliseconds, over the end of a year too', () => {
  const newYear = parseInstant('2027-01-01T00:00:00Z');
  expect(addMs(newYear, -1)).toBe('2026-12-31T23:59:59.999Z');
  expect(addMs(newYear, 86_400_000)).toBe('2027-01-02T00:00:00.000Z');
  expect(instantOfMs(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(instantOfMs(msOf(newYear))).toBe(newYear);
});

const [first, second, third] = [1, 2, 3].map(instantOfMs);

// biome-ignore format: a table
test.each([
  ['nothing is due',                [],                            null],
  ['nobody waits',                  [null, null],                  null],
  ['one waits',                     [null, second, null],          second],
  ['the first of three',            [third, first, second],        first],
  ['who does not wait is not first', [third, null, second],        second],
])('earliest: %s', (_, instants, expected) => {
  expect(earliest(...instants.map((instant) => instant ?? null))).toBe(expected);
});
