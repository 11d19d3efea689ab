import { FAULT_NAMES, type Fault } from './faults';
import type { RunOptions } from './run';
import type { Lived } from './seed';
import { shrink } from './shrink';

const OPTIONS: RunOptions = {
  ...{ seed: 1, days: 400, faults: new Set(FAULT_NAMES) },
  people: Array.from({ length: 25 }, (_, person) => person),
};

/** Breaks where these people live under these faults. */
function breaking(people: readonly number[], faults: readonly Fault[], invariant = 'money/x') {
  return async (options: RunOptions): Promise<Lived> => {
    const isBroken =
      people.every((one) => options.people.includes(one)) &&
      faults.every((one) => options.faults.has(one));
    const broken = { invariant, meaning: '', seed: 1, step: 1, day: '', text: '', story: [] };
    return {
      ...{ seed: 1, steps: 1, digest: '', struck: {}, charges: 0, seconds: 0 },
      broken: isBroken ? broken : null,
    };
  };
}

test.each<[string, number[], Fault[]]>([
  ['one customer and one fault', [17], ['deadlock']],
  ['two customers who meet, and two faults', [3, 24], ['broker down', 'webhook lost']],
  ['nobody in particular, and no fault', [], []],
])('%s: nothing else is kept', async (_, people, faults) => {
  const broken = { options: OPTIONS, invariant: 'money/x' };
  const small = await shrink(broken, breaking(people, faults), () => {});
  expect([small.people, [...small.faults]]).toEqual([people, faults]);
});

test('what breaks something else does not count', async () => {
  const broken = { options: OPTIONS, invariant: 'money/x' };
  const small = await shrink(broken, breaking([], [], 'money/y'), () => {});
  expect(small.people).toEqual(OPTIONS.people);
});
