import type { IncomingMessage } from 'node:http';
import { Refusal } from '../refusal';
import { readBody } from './read-body';

/** Levels of nesting that we take: what reads it recursively must not run out of stack. */
const DEEPEST = 32;

/** 415 for what does not say that it is JSON, 400 for what says so and is not. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  if (!isJson(request)) {
    throw new Refusal(415, 'unsupported-media-type', 'Only application/json is taken here.');
  }
  const body = await readBody(request);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
    const value: unknown = JSON.parse(text);
    if (isShallow(value, DEEPEST)) return value;
  } catch {
    // The parser's message would quote the body.
  }
  throw new Refusal(400, 'malformed-json', 'The body is not JSON in UTF-8.');
}

function isJson({ headers, headersDistinct }: IncomingMessage): boolean {
  const types = headersDistinct['content-type'] ?? [];
  const isType = /^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(types[0] ?? '');
  return isType && types.length === 1 && headers['content-encoding'] === undefined;
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isShallow(inner, levels - 1));
}
