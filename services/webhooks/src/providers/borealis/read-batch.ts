import type { Json } from '../../door/strict-json';
import type { Reading } from '../provider';
import { unusable, wrongFields } from '../reading';
import { Batch, Head, Traces } from './batch';
import { readItem } from './read-item';

const NOTHING_KNOWN = { eventId: null, type: null, reference: null };

/**
 * One reading an item, each as a batch of one that can be read alone. A reading without such a body is
 * about the batch as a whole, which then is not acknowledged, although its good items are taken.
 */
export function readBatch(body: Json): Reading[] {
  const parsed = Batch.safeParse(body);
  const content = withoutSendingTime(body);
  if (!parsed.success) {
    return [{ ...unusable(NOTHING_KNOWN, wrongFields(parsed.error)), content }];
  }
  const { count, items } = parsed.data;
  const readings = items.map((item, position) => readPart(item, position, parsed.data));
  if (count === items.length) return readings;
  const message = 'differs from the number of items';
  const problem = { pointer: '/count', code: 'contradiction', message };
  // First, so that a replay of the whole sees that it is still not whole.
  return [{ ...unusable(NOTHING_KNOWN, [problem]), content }, ...readings];
}

function readPart(item: Json, position: number, { batchNo, sentTs }: Batch): Reading {
  const head = Head.safeParse(item);
  // Borealis may write the same number as a text the next time.
  const content = head.success && isObject(item) ? { ...item, evNo: head.data.evNo } : item;
  const part = { body: { batchNo, sentTs, count: 1, items: [item] }, content };
  const base = `/items/${position}`;
  if (head.success) return { ...readItem(head.data, item, base), ...part };
  const { evNo: eventId, evType: type } = Traces.parse(item);
  return {
    ...unusable({ eventId, type, reference: null }, wrongFields(head.error, base)),
    ...part,
  };
}

/** A whole batch that is sent again differs in nothing else. */
function withoutSendingTime(body: Json): Json {
  if (!isObject(body)) return body;
  const { sentTs: _, ...content } = body;
  return content;
}

function isObject(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
