import type { Announcement } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { envelopeOf, type Sender } from './envelope';
import type { Readable } from './read-message';
import { insertOutbox } from './store-outbox';

/** A handler that never settles must not keep its transaction, nor the messages behind it. */
const DEADLINE_MS = 30_000;

/** Writes what is announced to the outbox, in the transaction of what it tells. */
export async function writeOutbox(
  announcements: readonly Announcement[],
  sender: Sender,
  tx: Tx,
): Promise<void> {
  await insertOutbox(
    announcements.map((announcement) => envelopeOf(announcement, sender)),
    tx,
  );
}

/** Gives each type's messages to their handler at once, and writes what all of them announce. */
export async function dispatch(
  messages: readonly Readable[],
  sender: Sender,
  tx: Tx,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const announcements = await within(deadlineMs, () => runHandlers(messages, tx));
  await writeOutbox(announcements, sender, tx);
}

async function runHandlers(messages: readonly Readable[], tx: Tx): Promise<Announcement[]> {
  const announcements: Announcement[] = [];
  for (const handler of new Set(messages.map((message) => message.handler))) {
    const own = messages.filter((message) => message.handler === handler);
    const envelopes = own.map(({ envelope }) => envelope);
    announcements.push(...(await handler.run(envelopes, tx)));
  }
  return announcements;
}

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not handled within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
