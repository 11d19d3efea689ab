import { writeAudit } from '@perennial/audit';
import type { Timer } from '@perennial/calendar';
import {
  type Announcement,
  type Envelope,
  PaymentOutcome,
  ProviderRefund,
} from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import { causeOf } from '@perennial/messaging';
import type { Announce } from '@perennial/service';
import type { Context } from '../context';
import { tellDiscrepancy } from '../domain/announcements';
import type { Discrepancy } from '../domain/discrepancy';
import { insertDiscrepancies } from '../store/discrepancies';
import {
  type HeldEvent,
  isTooOld,
  keepHolding,
  lockDueEvents,
  nextHeldAt,
  release,
} from '../store/held-events';
import { applyOutcomes } from './payment-outcome';
import { applyRefunds } from './provider-refund';

const EVENTS_PER_RUN = 100;

/** Tries events again that came before what they are about. Billing rules: "Provider events". */
export function heldEvents(context: Context, announce: Announce): Timer {
  return {
    name: 'held-events',
    everyMs: 30_000,
    nextAt: () => context.db.transaction(nextHeldAt),
    run: () =>
      context.db.transaction(async (tx) => {
        const events = await lockDueEvents(context.clock.now(), EVENTS_PER_RUN, tx);
        await announce(await tryAgain(events, context, tx), tx);
      }),
  };
}

async function tryAgain(events: readonly HeldEvent[], context: Context, tx: Tx) {
  const outcomes = ofType(events, PaymentOutcome);
  const refunds = ofType(events, ProviderRefund);
  const paid = await applyOutcomes(outcomes, context, tx);
  const refunded = await applyRefunds(refunds, context, tx);

  const now = context.clock.now();
  const unmatched = new Set([...paid.unmatched, ...refunded.unmatched].map(({ id }) => id));
  const left = events.filter(({ id }) => unmatched.has(id));
  const old = left.filter((event) => isTooOld(event, now));
  const done = events.filter((event) => !unmatched.has(event.id) || old.includes(event));
  await release(
    done.map(({ id }) => id),
    tx,
  );
  await keepHolding(
    left.filter((event) => !old.includes(event)),
    now,
    tx,
  );
  const reported = await report(old, context, tx);
  return [...paid.announcements, ...refunded.announcements, ...reported];
}

function ofType<Data extends object>(
  events: readonly HeldEvent[],
  definition: { readonly type: string; readonly data: { parse(data: unknown): Data } },
): Envelope<Data>[] {
  return events
    .filter(({ message }) => message.type === definition.type)
    .map(({ message }) => ({ ...message, data: definition.data.parse(message.data) }));
}

/** A person has to look: nothing here will ever match. */
async function report(
  events: readonly HeldEvent[],
  { clock, ids }: Context,
  tx: Tx,
): Promise<Announcement[]> {
  const now = clock.now();
  const found = events.map(({ message }) => {
    const { provider, eventId, ...details } = facts(message);
    const discrepancy: Discrepancy = {
      id: ids(),
      kind: message.type === PaymentOutcome.type ? 'event_unmatched' : 'refund_unmatched',
      provider,
      paymentId: null,
      about: `${provider}:${eventId}`,
      details: { eventId, ...details },
      openedAt: now,
    };
    return { discrepancy, cause: causeOf(message) };
  });
  await insertDiscrepancies(
    found.map(({ discrepancy }) => discrepancy),
    tx,
  );
  const entries = found.map(({ discrepancy, cause }) => ({
    entity: { type: 'discrepancy', id: discrepancy.id },
    from: null,
    to: 'open',
    facts: discrepancy,
    cause,
    at: now,
  }));
  await writeAudit(entries, tx, ids);
  return found.map(({ discrepancy, cause }) => tellDiscrepancy(discrepancy, cause));
}

function facts(message: Envelope) {
  if (message.type === PaymentOutcome.type) {
    const { provider, eventId, reference, providerReference, amount, outcome } =
      PaymentOutcome.data.parse(message.data);
    return { provider, eventId, reference, providerReference, outcome, ...amount };
  }
  const { provider, eventId, providerReference, paymentProviderReference, amount } =
    ProviderRefund.data.parse(message.data);
  const money = { amountMinor: amount?.amountMinor ?? null, currency: amount?.currency ?? null };
  return { provider, eventId, providerReference, paymentProviderReference, ...money };
}
