import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit, Tooth } from './tooth';

/** Writes the fault into the sources below this folder; answers how to take it out again. */
export function plant({ edits }: Tooth, root: string): () => void {
  const files = edits.map(({ file }) => join(root, file));
  const before = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  for (const edit of edits) {
    const path = join(root, edit.file);
    writeFileSync(path, edited(readFileSync(path, 'utf8'), edit));
  }
  return () => {
    for (const [file, text] of before) writeFileSync(file, text);
  };
}

export function edited(text: string, { file, find, replace }: Edit): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} times, not once: ${find}`);
  return text.replace(find, () => replace);
}
