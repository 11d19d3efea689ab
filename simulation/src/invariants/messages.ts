import { isDeepStrictEqual } from 'node:util';
import { Envelope, messageOfType } from '@perennial/contracts';
import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import { DAY_MS, shifted } from '../oracle/london';
import { type CarriedMessage, type RunRecord, SERVICES } from '../record';
import { violation } from './judging';
import { type Picture, pictureOf } from './picture';
import { tellings } from './tellings';
import type { Entry } from './trail';
import { always } from './watching';

export function messageInvariants(): readonly Invariant[] {
  return [
    always(
      {
        name: 'messages/valid',
        meaning:
          'Every message says exactly what its contract names, is sent by its owner, and is the same each time.',
      },
      ({ messages }: RunRecord) => [messages ?? []],
      validOnes,
    ),
    judged(
      'messages/told-is-true',
      'Every message tells of something that was committed with it, and nothing is told in two messages.',
      toldIsTrue,
    ),
    judged(
      'messages/committed-is-told',
      'Everything that others have to know was told to them.',
      committedIsTold,
    ),
    judged(
      'messages/acknowledged-is-told',
      'Every event that was acknowledged to its provider was told to the others, or says nothing to them.',
      acknowledgedIsTold,
    ),
    judged(
      'messages/accounted-for',
      'Every message has come to each of its listeners, and none handled one that was never sent.',
      accountedFor,
    ),
  ];
}

/** By what the carrier was given, where somebody listened. */
function judged(
  name: string,
  meaning: string,
  find: (picture: Picture) => AsyncIterable<Violation> | Iterable<Violation>,
): Invariant {
  return {
    ...{ name, meaning, holds: 'at rest' },
    violations: async (record) => {
      if (record.messages === null) return [];
      const found: Violation[] = [];
      for await (const wrong of find(await pictureOf(record))) found.push(wrong);
      return found;
    },
  };
}

function validOnes() {
  const bodies = new Map<string, string>();
  return ({ from, body, at }: CarriedMessage): Violation | null => {
    const read = Envelope.safeParse(JSON.parse(body));
    if (!read.success) return violation(`${from} sent ${body} at ${at}`);
    const { type, data, id, subject, source } = read.data;
    const definition = messageOfType(type);
    const told = definition?.data.safeParse(data);
    const isOwn = definition?.owner === from && source === `/services/${from}`;
    if (!isOwn || !told?.success || !isDeepStrictEqual(told.data, data)) {
      return violation(
        `${from} sent a ${type} that its contract does not know: ${body}`,
        id,
        subject,
      );
    }
    const before = bodies.get(id) ?? body;
    bodies.set(id, before);
    return before === body
      ? null
      : violation(`message ${id} was ${before}, and at ${at} ${body}`, id, subject);
  };
}

function* toldIsTrue({ messages, trail, webhooks }: Picture): Iterable<Violation> {
  const written = {
    '/services/billing': versionsIn(trail.entries.billing),
    '/services/subscriptions': versionsIn(trail.entries.subscriptions),
  };
  const payments = new Map(
    [...trail.payments].flatMap(([id, told]) =>
      (told.at(-1)?.said.attempts ?? []).map((one) => [one.id, id]),
    ),
  );
  const delivered = new Set(
    webhooks.deliveries.map(({ eventId, provider }) => `${provider} ${eventId}`),
  );
  const known = new Map<string, string>();
  for (const { id, type, subject, aggregateversion, source, data } of messages) {
    const key = isTold(source)
      ? `${type} ${subject} ${aggregateversion}`
      : `${type} ${eventOf(data)}`;
    const other = known.get(key);
    known.set(key, id);
    if (other) yield violation(`${key} was told by ${other} and ${id}`, subject);
    const entity = payments.get(subject) ?? subject;
    const isWritten = isTold(source)
      ? isIn(written[source], entity, aggregateversion, source)
      : delivered.has(eventOf(data));
    if (!isWritten)
      yield violation(`${type} about ${subject} tells of what was never committed`, subject, id);
  }
}

/** Each state that was committed, by its version; what has none is never changed. */
function versionsIn(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(
    entries.map(({ entityId, facts }) => {
      const { version = 1 } = Versioned.parse(JSON.parse(facts));
      return `${entityId} ${version}`;
    }),
  );
}

const Versioned = z.object({ version: z.number().optional() });

/** subscriptions tells one change in up to two messages, the former with the version before. */
function isIn(versions: ReadonlySet<string>, entity: string, version: number, source: string) {
  const isTwofold = source === '/services/subscriptions';
  return (
    versions.has(`${entity} ${version}`) || (isTwofold && versions.has(`${entity} ${version + 1}`))
  );
}

const TELLING = ['/services/billing', '/services/subscriptions'] as const;

function isTold(source: string): source is (typeof TELLING)[number] {
  return TELLING.some((one) => one === source);
}

function eventOf(data: unknown): string {
  const { provider, eventId } = Object(data);
  return `${provider} ${eventId}`;
}

function* committedIsTold(picture: Picture): Iterable<Violation> {
  const { messages } = picture;
  const told = new Set(messages.map((one) => `${one.type} ${one.subject} ${one.aggregateversion}`));
  const about = new Set(messages.map((one) => `${one.type} ${one.subject}`));
  for (const { type, subject, version, at } of tellings(picture)) {
    const isKnown =
      version === null
        ? about.has(`${type} ${subject}`)
        : told.has(`${type} ${subject} ${version}`);
    if (!isKnown) yield violation(`nobody was told ${type} about ${subject}, of ${at}`, subject);
  }
}

/** Nobody sends anything here that we could not read: nothing may end in quarantine. */
function* acknowledgedIsTold({ messages, webhooks, record }: Picture): Iterable<Violation> {
  const known = new Set(messages.map(({ data }) => eventOf(data)));
  for (const { provider, eventId, status } of webhooks.deliveries) {
    if (status === 'ignored') known.add(eventOf({ provider, eventId }));
  }
  for (const { provider, eventIds, at } of record.acknowledged) {
    for (const eventId of eventIds) {
      if (known.has(eventOf({ provider, eventId }))) continue;
      yield violation(
        `event ${eventId} of ${provider}, acknowledged at ${at}, was told to nobody`,
        eventId,
      );
    }
  }
}

/** An inbox forgets after thirty days. */
const REMEMBERED_MS = 29 * DAY_MS;

async function* accountedFor({ messages, record, now, trail }: Picture): AsyncIterable<Violation> {
  const sent = new Set(messages.map(({ id }) => id));
  const recent = messages.filter(({ at }) => at > shifted(now, -REMEMBERED_MS));
  for (const service of SERVICES) {
    const rows = await record.rows(service, 'SELECT message_id FROM inbox');
    const handled = new Set(rows.map(({ messageId }) => String(messageId)));
    for (const { id, type, subject } of recent) {
      const listens = messageOfType(type)?.listeners.includes(service) ?? false;
      if (listens && !handled.has(id))
        yield violation(`${service} has not handled ${type} ${id} about ${subject}`, subject, id);
    }
    for (const id of handled) {
      if (!sent.has(id))
        yield violation(`${service} has handled message ${id}, which nobody sent`, id);
    }
  }
  for (const { triggerRef, entityId } of [
    ...trail.entries.billing,
    ...trail.entries.subscriptions,
  ]) {
    const [kind, id = ''] = triggerRef.split(':');
    if (kind === 'message' && !sent.has(id))
      yield violation(`${entityId} was changed by message ${id}, which nobody sent`, entityId);
  }
}
