import { Chance } from './chance';

const chance = new Chance('seed 1');

test('the same seed decides the same about the same thing, whatever else was asked', () => {
  const before = chance.number('person', 3);
  for (let index = 0; index < 100; index += 1) chance.number('another', index);
  expect(new Chance('seed 1').number('person', 3)).toBe(before);
  expect(chance.of('person').number(3)).toBe(before);
  expect(new Chance('seed 2').number('person', 3)).not.toBe(before);
});

test('it is spread evenly', () => {
  const counts = new Map<number, number>();
  for (let index = 0; index < 10_000; index += 1) {
    const picked = chance.between(1, 10, 'spread', index);
    counts.set(picked, (counts.get(picked) ?? 0) + 1);
  }
  expect([...counts.keys()].sort((one, other) => one - other)).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ]);
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
});

test('what weighs three times as much comes three times as often', () => {
  const picks = Array.from({ length: 8000 }, (_, index) =>
    chance.weighted(
      [
        [3, 'heavy'],
        [1, 'light'],
      ],
      index,
    ),
  );
  const heavy = picks.filter((pick) => pick === 'heavy').length;
  expect(Math.abs(heavy - 6000)).toBeLessThan(200);
});
