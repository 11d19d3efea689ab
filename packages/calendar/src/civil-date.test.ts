import { addDays, addMonths, CalendarDate, daysBetween, parseDate } from './civil-date';

test.each(['2026-02-28', '2024-02-29', '2000-02-29', '1900-01-01', '2999-12-31'])(
  '%s is a date',
  (text) => {
    expect(parseDate(text)).toBe(text);
  },
);

// biome-ignore format: a table
test.each([
  ['a day that February does not have',   '2026-02-30'],
  ['a leap day in a common year',         '2026-02-29'],
  ['a leap day in a common century',      '2100-02-29'],
  ['a day that April does not have',      '2026-04-31'],
  ['a day zero',                          '2026-01-00'],
  ['a thirteenth month',                  '2026-13-01'],
  ['a month zero',                        '2026-00-10'],
  ['no leading zeros',                    '2026-1-3'],
  ['no hyphens',                          '20260103'],
  ['slashes',                             '2026/01/03'],
  ['the day first',                       '03-01-2026'],
  ['a moment',                            '2026-01-03T00:00:00Z'],
  ['a space after',                       '2026-01-03 '],
  ['a line break after',                  '2026-01-03\n'],
  ['other digits',                        '٢٠٢٦-01-03'],
  ['a year before anybody’s',             '1899-12-31'],
  ['a year of one’s typing',              '0206-01-03'],
  ['a year too far',                      '3000-01-01'],
  ['five digits of year',                 '12026-01-03'],
  ['a word',                              'tomorrow'],
  ['nothing',                             ''],
])('%s is refused as a date, with one reason', (_, text) => {
  const { error } = CalendarDate.safeParse(text);
  expect(error?.issues).toHaveLength(1);
});

test.each([20260103, new Date(0), null, undefined])('%p is no date', (value) => {
  expect(CalendarDate.safeParse(value).success).toBe(false);
});

test.each([
  ['2026-02-28', 1, '2026-03-01'],
  ['2024-02-28', 1, '2024-02-29'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2026-01-01', -1, '2025-12-31'],
  ['2026-03-29', 5, '2026-04-03'],
  ['2026-10-25', 5, '2026-10-30'],
  ['2026-01-03', 0, '2026-01-03'],
])('%s and %d days is %s, whatever the clocks do meanwhile', (from, days, to) => {
  expect(addDays(parseDate(from), days)).toBe(to);
  expect(daysBetween(parseDate(from), parseDate(to))).toBe(days);
});

test.each([
  ['2026-01-31', 1, '2026-02-28'],
  ['2024-01-31', 1, '2024-02-29'],
  ['2026-12-31', 2, '2027-02-28'],
  ['2026-11-30', 1, '2026-12-30'],
  ['2026-12-15', 12, '2027-12-15'],
  ['2026-03-31', -1, '2026-02-28'],
  ['2026-01-31', -2, '2025-11-30'],
  ['2099-12-31', 2, '2100-02-28'],
])('%s and %d months is %s', (from, months, to) => {
  expect(addMonths(parseDate(from), months)).toBe(to);
});

test('dates sort as text', () => {
  const dates = ['2026-10-01', '2026-02-28', '1999-12-31', '2026-09-30'].map(parseDate);
  expect(dates.sort()).toEqual(['1999-12-31', '2026-02-28', '2026-09-30', '2026-10-01']);
});
