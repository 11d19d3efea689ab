import { SecondCalendar } from '../test/second-calendar';
import { addDays, parseDate } from './civil-date';
import { billingDate, firstCycleFrom, Interval } from './schedule';

const second = new SecondCalendar(2024, 2038);
const anchors = second.days.filter((day) => day <= '2027-12-31');
const CYCLES_IN_TEN_YEARS = { monthly: 120, quarterly: 40, annual: 10 };

/** Each anchor with each interval, and each cycle from the day of purchase to ten years later. */
function* everyCycle(of: readonly string[]) {
  for (const anchor of of)
    for (const interval of Interval.options)
      for (let n = 0; n <= CYCLES_IN_TEN_YEARS[interval]; n += 1) yield { anchor, interval, n };
}

const DAYS = 365 + 365 + 365 + 366;
const CYCLES = 121 + 41 + 11;

test('two calendars agree on every billing date of every anchor of four years', () => {
  const differences: object[] = [];
  let compared = 0;
  for (const { anchor, interval, n } of everyCycle(anchors)) {
    const ours: string = billingDate({ anchorDate: parseDate(anchor), interval }, n);
    const theirs = second.billingDate(anchor, interval, n);
    if (ours !== theirs) differences.push({ anchor, interval, n, ours, theirs });
    compared += 1;
  }
  console.log(`${compared} billing dates compared, ${differences.length} differences`);
  expect(differences.slice(0, 10)).toEqual([]);
  expect(compared).toBe(DAYS * CYCLES);
  expect(compared).toBe(252_753);
});

test('two calendars agree on which day follows which', () => {
  const { days } = second;
  const following = days.slice(1);
  const first = parseDate(days[0] ?? '');
  expect(following.map((_, index) => String(addDays(first, index + 1)))).toEqual(following);
  expect(days).toHaveLength(15 * 365 + 4);
});

test('a billing date belongs to its own cycle, and the day after it to the next', () => {
  const wrong: object[] = [];
  let asked = 0;
  for (const { anchor, interval, n } of everyCycle(anchors.filter((day) => day < '2024-03'))) {
    const dates = { anchorDate: parseDate(anchor), interval };
    const date = parseDate(second.billingDate(anchor, interval, n));
    const cycles = [firstCycleFrom(dates, date), firstCycleFrom(dates, addDays(date, 1))];
    if (cycles[0] !== n || cycles[1] !== n + 1) wrong.push({ anchor, interval, n, cycles });
    asked += 1;
  }
  expect(wrong.slice(0, 10)).toEqual([]);
  expect(asked).toBe((31 + 29) * CYCLES);
});
