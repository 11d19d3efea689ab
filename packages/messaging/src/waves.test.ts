import { waves } from './waves';

const row = (name: string) => ({ subject: name.slice(0, 1), name });

test.each([
  { given: [], waves: [] },
  { given: ['a1', 'b1', 'c1'], waves: [['a1', 'b1', 'c1']] },
  { given: ['a1', 'a2', 'b1', 'a3', 'b2'], waves: [['a1', 'b1'], ['a2', 'b2'], ['a3']] },
])('$given goes in $waves', ({ given, waves: expected }) => {
  const names = waves(given.map(row)).map((wave) => wave.map(({ name }) => name));
  expect(names).toEqual(expected);
});
