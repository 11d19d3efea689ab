import { parseDate } from './civil-date';
import { addMs, parseInstant } from './instant';
import { chargeInstant, localDate, TimeOfDay, TimeZone } from './local-time';

const LONDON = 'Europe/London';
const BEIRUT = 'Asia/Beirut';
const CAIRO = 'Africa/Cairo';
const HAVANA = 'America/Havana';

// biome-ignore format: a table
test.each([
  // London springs from 01:00 to 02:00 on 29 March 2026 and falls back from 02:00 to 01:00 on 25 October.
  ['winter',                          LONDON, '2026-01-15', '06:00', '2026-01-15T06:00:00.000Z'],
  ['summer',                          LONDON, '2026-07-15', '06:00', '2026-07-15T05:00:00.000Z'],
  ['the eve of summer time',          LONDON, '2026-03-28', '06:00', '2026-03-28T06:00:00.000Z'],
  ['the day of summer time',          LONDON, '2026-03-29', '06:00', '2026-03-29T05:00:00.000Z'],
  ['before the gap',                  LONDON, '2026-03-29', '00:59', '2026-03-29T00:59:00.000Z'],
  ['the gap’s first minute',          LONDON, '2026-03-29', '01:00', '2026-03-29T01:00:00.000Z'],
  ['in the gap: by as much later',    LONDON, '2026-03-29', '01:30', '2026-03-29T01:30:00.000Z'],
  ['the gap’s last minute',           LONDON, '2026-03-29', '01:59', '2026-03-29T01:59:00.000Z'],
  ['after the gap',                   LONDON, '2026-03-29', '02:00', '2026-03-29T01:00:00.000Z'],
  ['before the repeated hour',        LONDON, '2026-10-25', '00:59', '2026-10-24T23:59:00.000Z'],
  ['the repeated hour’s first',       LONDON, '2026-10-25', '01:00', '2026-10-25T00:00:00.000Z'],
  ['the first of the two',            LONDON, '2026-10-25', '01:30', '2026-10-25T00:30:00.000Z'],
  ['the repeated hour’s last',        LONDON, '2026-10-25', '01:59', '2026-10-25T00:59:00.000Z'],
  ['after the repeated hour',         LONDON, '2026-10-25', '02:00', '2026-10-25T02:00:00.000Z'],
  ['the day of winter time',          LONDON, '2026-10-25', '06:00', '2026-10-25T06:00:00.000Z'],
  // Beirut springs from midnight to 01:00 on 29 March 2026; at midnight after 24 October it is 23:00 again.
  ['the minute before midnight',      BEIRUT, '2026-03-28', '23:59', '2026-03-28T21:59:00.000Z'],
  ['a midnight that does not come',   BEIRUT, '2026-03-29', '00:00', '2026-03-28T22:00:00.000Z'],
  ['a first half hour that is none',  BEIRUT, '2026-03-29', '00:30', '2026-03-28T22:30:00.000Z'],
  ['the first hour that comes',       BEIRUT, '2026-03-29', '01:00', '2026-03-28T22:00:00.000Z'],
  ['before the hour that repeats',    BEIRUT, '2026-10-24', '22:59', '2026-10-24T19:59:00.000Z'],
  ['the first of two before midnight', BEIRUT, '2026-10-24', '23:30', '2026-10-24T20:30:00.000Z'],
  ['the midnight after both',         BEIRUT, '2026-10-25', '00:00', '2026-10-24T22:00:00.000Z'],
  // Cairo as Beirut, on other days: Friday 24 April, and midnight after Thursday 29 October.
  ['a Friday without its midnight',   CAIRO,  '2026-04-24', '00:15', '2026-04-23T22:15:00.000Z'],
  ['a Thursday with two last hours',  CAIRO,  '2026-10-29', '23:15', '2026-10-29T20:15:00.000Z'],
  // West of UTC: Havana skips from midnight to 01:00 on 8 March, and repeats midnight on 1 November.
  ['west: a midnight skipped',        HAVANA, '2026-03-08', '00:30', '2026-03-08T05:30:00.000Z'],
  ['west: the first of two midnights', HAVANA, '2026-11-01', '00:00', '2026-11-01T04:00:00.000Z'],
  ['west: the hour after both',       HAVANA, '2026-11-01', '01:00', '2026-11-01T06:00:00.000Z'],
  ['half an hour of gap',             'Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45:00.000Z'],
  ['a whole day that did not come',   'Pacific/Apia',        '2011-12-30', '06:00', '2011-12-30T16:00:00.000Z'],
  ['the farthest east',               'Pacific/Kiritimati',  '2026-01-01', '06:00', '2025-12-31T16:00:00.000Z'],
  ['the farthest west',               'Etc/GMT+12',          '2026-01-01', '23:59', '2026-01-02T11:59:00.000Z'],
])('%s: in %s charges of %s at %s fall due at %s', (_, zone, date, chargeTime, expected) => {
  expect(chargeInstant(parseDate(date), { zone, chargeTime })).toBe(expected);
});

// biome-ignore format: a table
test.each([
  ['the last moment of a winter’s day',  LONDON, '2026-01-03T23:59:59.999Z', '2026-01-03'],
  ['the first of the next',              LONDON, '2026-01-04T00:00:00.000Z', '2026-01-04'],
  ['the last moment of a summer’s day',  LONDON, '2026-07-03T22:59:59.999Z', '2026-07-03'],
  ['the first of the next',              LONDON, '2026-07-03T23:00:00.000Z', '2026-07-04'],
  ['the day that is an hour short',      LONDON, '2026-03-29T23:00:00.000Z', '2026-03-30'],
  ['the day that is an hour long',       LONDON, '2026-10-25T23:59:59.999Z', '2026-10-25'],
  ['its end',                            LONDON, '2026-10-26T00:00:00.000Z', '2026-10-26'],
  ['the end of a year',                  LONDON, '2026-12-31T23:59:59.999Z', '2026-12-31'],
  ['before a midnight that is skipped',  BEIRUT, '2026-03-28T21:59:59.999Z', '2026-03-28'],
  ['after it',                           BEIRUT, '2026-03-28T22:00:00.000Z', '2026-03-29'],
  ['before the hour that repeats ends',  BEIRUT, '2026-10-24T20:59:59.999Z', '2026-10-24'],
  ['it is the same day once more',       BEIRUT, '2026-10-24T21:00:00.000Z', '2026-10-24'],
  ['until that hour is over too',        BEIRUT, '2026-10-24T22:00:00.000Z', '2026-10-25'],
  ['before 1970, and its milliseconds',  LONDON, '1965-01-03T23:59:59.999Z', '1965-01-03'],
])('%s: in %s %s is on %s', (_, zone, instant, date) => {
  expect(localDate(parseInstant(instant), zone)).toBe(date);
});

test.each([LONDON, BEIRUT, CAIRO, HAVANA])(
  'in %s each date’s charge time is on that date, after the day before’s',
  (zone) => {
    let last = '';
    for (
      let day = parseInstant('2026-01-01T12:00:00Z');
      day < '2028';
      day = addMs(day, 86_400_000)
    ) {
      for (const chargeTime of ['00:30', '23:30']) {
        const date = parseDate(day.slice(0, 10));
        const due = chargeInstant(date, { zone, chargeTime });
        expect([localDate(due, zone), due > last]).toEqual([date, true]);
        last = due;
      }
    }
  },
);

test('charge times of one date in two zones, and two times in one, are kept apart', () => {
  const date = parseDate('2026-07-15');
  const ask = (zone: string, chargeTime: string) => chargeInstant(date, { zone, chargeTime });
  const all = () => [ask(LONDON, '06:00'), ask(BEIRUT, '06:00'), ask(LONDON, '06:01')];
  expect(all()).toEqual(all());
  expect(new Set(all()).size).toBe(3);
});

test.each(['Europe/London', 'UTC', 'Asia/Beirut', 'America/Argentina/Ushuaia'])(
  '%s is a zone',
  (zone) => {
    expect(TimeZone.parse(zone)).toBe(zone);
  },
);

test.each(['', 'London', 'Mars/Phobos', '+01:00', 'BST', 'EST'])(
  '"%s" is refused as a zone',
  (zone) => {
    expect(TimeZone.safeParse(zone).success).toBe(false);
  },
);

test.each(['00:00', '06:00', '19:59', '23:59'])('%s is a time of day', (time) => {
  expect(TimeOfDay.parse(time)).toBe(time);
});

test.each(['24:00', '6:00', '06:60', '06:00:00', '06:00\n', '6am', ''])(
  '"%s" is refused as a time of day',
  (time) => {
    expect(TimeOfDay.safeParse(time).success).toBe(false);
  },
);
