import type { Provider, Reading } from '../providers/provider';
import { type Json, JsonFault, type JsonFaultCode, parseStrictJson } from './strict-json';

const SAID: Record<JsonFaultCode, string> = {
  'invalid-utf8': 'the body is not UTF-8',
  'invalid-json': 'the body is not JSON',
  'too-deep': 'more than 32 levels',
  'forbidden-key': 'a key that is never taken',
  'duplicate-key': 'a key twice in one object',
  'unsupported-text': 'U+0000 or half a surrogate pair in a text',
};

export interface Interpretation {
  /** The body, as far as it was understood. */
  readonly content: Json | Buffer;
  readonly readings: readonly Reading[];
}

/** From authenticated bytes to what they say. A replay starts here, too. */
export function interpret(
  body: Buffer,
  eventId: string | null,
  provider: Provider,
): Interpretation {
  try {
    const content = parseStrictJson(body, provider);
    return { content, readings: provider.read(content, eventId) };
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return { content: body, readings: [notJson(error.code, eventId)] };
  }
}

function notJson(code: JsonFaultCode, eventId: string | null): Reading {
  return {
    kind: 'unusable',
    eventId,
    type: null,
    reference: null,
    status: code === 'unsupported-text' ? 422 : 400,
    problems: [{ pointer: '', code, message: SAID[code] }],
  };
}
