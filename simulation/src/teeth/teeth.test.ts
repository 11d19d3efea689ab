import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { teeth } from '../../teeth/all';
import { edited } from './plant';

const root = join(__dirname, '../../..');

test('there are enough, and each has a name of its own', () => {
  expect(teeth.length).toBeGreaterThan(25);
  expect(new Set(teeth.map(({ name }) => name)).size).toBe(teeth.length);
});

test.each(teeth)('$name can still be planted', ({ edits }) => {
  const texts = new Map(edits.map(({ file }) => [file, readFileSync(join(root, file), 'utf8')]));
  for (const edit of edits) {
    const before = texts.get(edit.file) ?? '';
    const after = edited(before, edit);
    expect(after).not.toBe(before);
    texts.set(edit.file, after);
  }
  const sources = [...texts].filter(([file]) => file.endsWith('.ts'));
  for (const [, text] of sources)
    transformSync(text, { jsc: { parser: { syntax: 'typescript' } } });
});
