import type { IncomingMessage } from 'node:http';

export const MAX_BODY_BYTES = 262_144;

/** The bytes, `too-long` as soon as that is known, or `gone` when the sender left before the end. */
export function readBody(request: IncomingMessage): Promise<Buffer | 'too-long' | 'gone'> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) resolve('too-long');
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(request.complete ? Buffer.concat(chunks) : 'gone'));
    request.on('error', () => resolve('gone'));
    request.on('close', () => resolve('gone'));
  });
}
