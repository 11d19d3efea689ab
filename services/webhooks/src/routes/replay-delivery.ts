import { writeAudit } from '@perennial/audit';
import type { Announcement, Cause, Ids } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { notFound, Refusal, route } from '@perennial/service';
import { z } from 'zod';
import { Delivery } from '../domain/delivery';
import { afterReplay, checkReplayable } from '../domain/replay';
import { interpret } from '../door/interpret';
import type { Provider, Reading } from '../providers/provider';
import { findDelivery, holdersOf, type StoredDelivery, saveDelivery } from '../store';

const Body = z.strictObject({
  reason: z.string().trim().min(1).max(500),
  /** Publishes an event again that was published: a new message with the same event id. */
  force: z.boolean().default(false),
});

export function replayDelivery(providers: readonly Provider[], ids: Ids) {
  return route({
    method: 'post',
    path: '/deliveries/:id/replay',
    summary: 'Read a delivery again, from parsing on, with its own event id',
    scopes: ['operator'],
    params: z.object({ id: z.uuid() }),
    body: Body,
    answers: { 200: Delivery },
    handle: async ({ params, body, cause, now }, tx) => {
      const delivery = await findDelivery(params.id, tx, tx.forUpdate);
      if (!delivery) throw notFound('delivery');
      checkReplayable(delivery, body.force);
      const reading = readAgain(delivery, providers);
      const next = afterReplay(delivery, reading, ids);
      await checkSlot(next, tx);
      await saveDelivery(next, tx);
      const shown = Delivery.parse(next);
      const entry = {
        entity: { type: 'delivery', id: delivery.id },
        from: delivery.status,
        to: next.status,
        facts: { ...shown, replayReason: body.reason },
      };
      await writeAudit([{ ...entry, cause, at: now }], tx, ids);
      return { status: 200, body: shown, announce: messageOf(reading, next, cause) };
    },
  });
}

function readAgain(delivery: StoredDelivery, providers: readonly Provider[]): Reading {
  const provider = providers.find(({ name }) => name === delivery.provider);
  if (!provider) throw new Refusal(409, 'unknown-provider', 'Its provider is no longer known.');
  const body = Buffer.from(delivery.body, 'base64');
  const [reading] = interpret(body, delivery.eventId, provider).readings;
  if (!reading) throw new Refusal(409, 'nothing-told', 'It tells nothing.');
  return reading;
}

/** An event id belongs to the first delivery that could be used; other content does not take it. */
async function checkSlot({ id, provider, slot }: StoredDelivery, tx: Tx): Promise<void> {
  const holders = await holdersOf(provider, [{ slot }], tx);
  if (holders.every((holder) => holder.id === id)) return;
  const detail = 'Another delivery of this event was kept.';
  throw new Refusal(409, 'event-id-taken', detail);
}

function messageOf(reading: Reading, { messageId }: StoredDelivery, cause: Cause): Announcement[] {
  if (reading.kind !== 'usable' || messageId === null) return [];
  return [{ ...reading.announce(cause), id: messageId }];
}
