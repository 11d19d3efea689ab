/** A value of JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { [key: string]: Json };

export type JsonFaultCode =
  | 'invalid-utf8'
  | 'invalid-json'
  | 'too-deep'
  | 'forbidden-key'
  | 'duplicate-key'
  | 'unsupported-text';

export class JsonFault extends Error {
  constructor(readonly code: JsonFaultCode) {
    super(code);
  }
}

const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * JSON.parse takes much that two readers would understand differently, or that harms later: repaired
 * UTF-8, duplicate keys, `__proto__`, any depth, texts that no database stores. None of it passes here.
 */
export function parseStrictJson(
  bytes: Uint8Array,
  { longIntegersAsText = false }: { readonly longIntegersAsText?: boolean } = {},
): Json {
  const text = decode(bytes);
  const value = parse(text);
  checkShape(text);
  return longIntegersAsText ? parse(withLongIntegersAsText(text)) : value;
}

const SCALARS = /"[^"\\]*(?:\\.[^"\\]*)*"|[-+.\deE]+/g;

/** 9007199254740993 is no number of JavaScript's: two ids would become one. */
function withLongIntegersAsText(text: string): string {
  return text.replace(SCALARS, (token) =>
    /^\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new JsonFault('invalid-utf8');
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new JsonFault('invalid-json');
  }
}

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/** Reads the text, since a parsed value has lost its duplicate keys. The text is known to be JSON. */
function checkShape(text: string): void {
  const keysOfOpen: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') {
      keysOfOpen.push(new Set());
      if (keysOfOpen.length > MAX_DEPTH) throw new JsonFault('too-deep');
    } else if (token === '}' || token === ']') {
      keysOfOpen.pop();
    } else {
      const string = String(
        JSON.parse(colon === undefined ? token : token.slice(0, -colon.length)),
      );
      if (isUnsupported(string)) throw new JsonFault('unsupported-text');
      if (colon !== undefined) checkKey(string, keysOfOpen.at(-1) ?? new Set());
    }
  }
}

function checkKey(key: string, siblings: Set<string>): void {
  if (FORBIDDEN_KEYS.has(key)) throw new JsonFault('forbidden-key');
  if (siblings.has(key)) throw new JsonFault('duplicate-key');
  siblings.add(key);
}

/** U+0000 and lone surrogates: no text that a database takes and gives back. */
function isUnsupported(text: string): boolean {
  return text.includes('\0') || /\p{Surrogate}/u.test(text);
}
