import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (file: string) => readFileSync(join(__dirname, file), 'utf8');
const rows = [...read('README.md').matchAll(/^\| (\d+) \| (.+) \| `(.+)` \| (.+) \|$/gm)].map(
  ([, number = '', scenario = '', file = '', title = '']) => ({ number, scenario, file, title }),
);

test('every scenario has its number in the table', () => {
  const numbers = new Set(rows.map(({ number }) => Number(number)));
  expect([...numbers]).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
});

test.each(rows)('$number: $scenario', ({ file, title }) => {
  expect(read(file)).toContain(title);
});
