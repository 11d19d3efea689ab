import { paired } from './pairing';

const one = (providerReference: string | null, reference: string | null) => ({
  ...{ providerReference, reference },
});
const theirs = (providerReference: string, reference: string | null) => ({
  ...{ providerReference, reference },
});

// biome-ignore format: a table
test.each([
  ['by the provider’s reference',            one('p1', 'r1'), theirs('p1', 'r1'),       true],
  ['even if they lost ours',                 one('p1', 'r1'), theirs('p1', null),       true],
  ['even if they have another of ours',      one('p1', 'r1'), theirs('p1', 'r9'),       true],
  ['else by ours',                           one(null, 'r1'), theirs('p1', 'r1'),       true],
  ['by ours, if they call it otherwise',     one('p1', 'r1'), theirs('p2', 'r1'),       true],
  ['not without either',                     one('p1', 'r1'), theirs('p2', 'r2'),       false],
  ['not because both lack a reference',      one(null, null), theirs('p1', null),       false],
])('%s', (_, ours, shown, expected) => {
  const { pairs, strangers } = paired([one('p7', 'r7'), ours], [shown], (it) => it);
  expect(pairs).toEqual(expected ? [{ ours, theirs: [shown] }] : []);
  expect(strangers).toEqual(expected ? [] : [shown]);
});

test('all that is shown of one is together', () => {
  const [a, b] = [one('p1', 'r1'), one('p2', 'r2')];
  const shown = [theirs('p1', 'r1'), theirs('p2', 'r2'), theirs('p3', 'r1')];
  expect(paired([a, b], shown, (it) => it)).toEqual({
    pairs: [
      { ours: a, theirs: [shown[0], shown[2]] },
      { ours: b, theirs: [shown[1]] },
    ],
    strangers: [],
  });
});
