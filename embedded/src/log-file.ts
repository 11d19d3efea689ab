import { createWriteStream } from 'node:fs';

/** The log of the whole process, beside its data: the terminal is for the story. */
export function logFile(path: string) {
  const stream = createWriteStream(path, { flags: 'a' });
  return { stream, end: () => new Promise<void>((resolve) => stream.end(resolve)) };
}
