import { parseArguments } from './arguments';
import { FAULT_NAMES } from './faults';

const parse = (...args: string[]) => parseArguments(args, () => 7, 2);

test('nothing said: ten fresh seeds of 25 customers and 400 days, with all faults', () => {
  const { seeds, people, days, faults, jobs } = parse();
  expect([seeds, people.length, days, faults.size, jobs]).toEqual([
    Array(10).fill(7),
    25,
    400,
    FAULT_NAMES.length,
    2,
  ]);
});

test.each<[string, string[], Partial<ReturnType<typeof parse>>]>([
  ['one seed', ['--seeds', '12'], { seeds: [12] }],
  ['a range of seeds', ['--seeds', '3..5'], { seeds: [3, 4, 5] }],
  ['so many fresh ones', ['--fresh', '3'], { seeds: [7, 7, 7] }],
  ['these customers', ['--customers', '3,7'], { people: [3, 7] }],
  ['a single one', ['--customers', '0,'], { people: [0] }],
  ['no fault', ['--faults', 'none'], { faults: new Set() }],
  [
    'some faults',
    ['--faults', 'deadlock, broker down'],
    { faults: new Set(['broker down', 'deadlock']) },
  ],
])('%s', (_, args, expected) => {
  expect(parse(...args)).toMatchObject(expected);
});

test('all faults but one', () => {
  const { faults } = parse('--faults', 'all-deadlock');
  expect([faults.size, faults.has('deadlock')]).toEqual([FAULT_NAMES.length - 1, false]);
});

test.each([
  ['--seeds', 'many'],
  ['--days', '0'],
  ['--customers', 'x'],
  ['--faults', 'bad luck'],
])('%s %s is refused with its reason', (...args) => {
  expect(() => parse(...args)).toThrow(args[1]);
});
