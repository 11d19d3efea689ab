import { Agenda } from './agenda';
import { Chance } from './chance';

function taken(agenda: Agenda): number {
  let count = 0;
  for (let entry = agenda.take(); entry; entry = agenda.take()) {
    entry.run();
    count += 1;
  }
  return count;
}

test('what is due first comes first, and at the same time what was entered first', () => {
  const agenda = new Agenda();
  const done: string[] = [];
  for (const [atMs, name] of [
    [30, 'c'],
    [10, 'a'],
    [20, 'b1'],
    [20, 'b2'],
    [10, 'a2'],
  ] as const) {
    agenda.add(atMs, () => done.push(name));
  }
  expect(agenda.nextMs).toBe(10);
  taken(agenda);
  expect(done).toEqual(['a', 'a2', 'b1', 'b2', 'c']);
  expect(agenda.nextMs).toBeNull();
});

test('a thousand entries in any order come out in theirs', () => {
  const chance = new Chance('agenda');
  const agenda = new Agenda();
  const done: number[] = [];
  for (let index = 0; index < 1000; index += 1) {
    const atMs = chance.between(0, 300, index);
    agenda.add(atMs, () => done.push(atMs));
  }
  expect(taken(agenda)).toBe(1000);
  expect(done).toEqual([...done].sort((one, other) => one - other));
});
