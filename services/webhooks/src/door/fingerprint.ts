import { createHash } from 'node:crypto';
import type { Json } from './strict-json';

/** Equal for equal content: spaces, line ends and the order of keys make no difference. */
export function fingerprint(content: Json | Buffer): string {
  const bytes = Buffer.isBuffer(content) ? content : JSON.stringify(sorted(content));
  return createHash('sha256').update(bytes).digest('hex');
}

function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
