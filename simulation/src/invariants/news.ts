import { Envelope } from '@perennial/contracts';
import { shifted } from '../oracle/london';
import type { CarriedMessage, RunRecord, ServiceName } from '../record';

export type Message = Envelope & { readonly at: string };

/** Each once, as it was first given to the carrier. */
export function readOnes(carried: readonly CarriedMessage[]): readonly Message[] {
  const first = new Map<string, Message>();
  for (const { at, body } of carried) {
    const message = Envelope.safeParse(JSON.parse(body)).data;
    if (message && !first.has(message.id)) first.set(message.id, { ...message, at });
  }
  return [...first.values()];
}

/** What whoever writes the mails was told. */
export interface News {
  readonly type: string;
  readonly version: number;
  readonly at: string;
  /** When it had been handled; null: nobody watched, or it is still to come. */
  readonly takenAt: string | null;
  readonly data: unknown;
}

const WRITER: ServiceName = 'notifications';

/** By what it is about. */
export function newsIn(
  messages: readonly Message[],
  taken: RunRecord['taken'],
): ReadonlyMap<string, readonly News[]> {
  const takenAt = new Map<string, string>();
  for (const { id, by, at } of taken) if (by === WRITER && !takenAt.has(id)) takenAt.set(id, at);
  const news = new Map<string, News[]>();
  for (const { id, type, subject, aggregateversion, at, data } of messages) {
    const others = news.get(subject) ?? [];
    others.push({ type, version: aggregateversion, at, takenAt: takenAt.get(id) ?? null, data });
    news.set(subject, others);
  }
  return news;
}

interface Instants {
  readonly from: string;
  readonly to: string;
}

/** From a decision to the mail, and from a message to what comes of it, all failures along the way included. */
const USUAL_MS = 2 * 60_000;

/**
 * What happened then was decided after `from`, and what was to be decided then is decided by `to`: usually
 * in moments, and later only if a process stood still or was dead, or there was no database.
 */
export function decidedAround(at: string, { pauses }: Pick<RunRecord, 'pauses'>): Instants {
  const own = pauses.filter(({ service }) => service === WRITER);
  return widened({ from: shifted(at, -USUAL_MS), to: shifted(at, USUAL_MS) }, own);
}

function widened(span: Instants, pauses: readonly Instants[]): Instants {
  const touching = pauses.filter(({ from, to }) => to >= span.from && from <= span.to);
  const from = touching.map((pause) => shifted(pause.from, -USUAL_MS)).reduce(earlier, span.from);
  const to = touching.map((pause) => shifted(pause.to, USUAL_MS)).reduce(later, span.to);
  return from === span.from && to === span.to ? span : widened({ from, to }, pauses);
}

const earlier = (one: string, other: string) => (one < other ? one : other);
const later = (one: string, other: string) => (one > other ? one : other);
