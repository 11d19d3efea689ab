import type { Ids } from '@perennial/contracts';
import { maskCardDigits } from '../domain/card-digits';
import { reasonOf } from '../domain/delivery';
import type { Provider, Reading } from '../providers/provider';
import type { NewDelivery } from '../store';
import { fingerprint } from './fingerprint';
import type { Interpretation } from './interpret';
import type { RawRequest } from './raw-request';

/** A reading with the row that it becomes, if no other copy was there first. */
export interface Candidate {
  readonly reading: Reading;
  readonly row: NewDelivery;
}

/** A request that was authenticated and interpreted. */
export interface Told {
  readonly interpretation: Interpretation;
  readonly request: RawRequest;
  readonly provider: Provider;
}

export function candidatesOf({ interpretation, request, provider }: Told, ids: Ids): Candidate[] {
  return interpretation.readings.map((reading) => {
    const row = {
      id: ids(),
      provider: provider.name,
      eventId: storable(reading.eventId),
      type: reading.type,
      reference: reading.reference,
      fingerprint: fingerprint(reading.content ?? reading.body ?? interpretation.content),
      receivedAt: request.receivedAt,
    };
    const body =
      reading.body === undefined ? request.body : Buffer.from(JSON.stringify(reading.body));
    return { reading, row: { ...row, ...standing(reading, row.fingerprint, body, ids) } };
  });
}

type Standing = Pick<NewDelivery, 'slot' | 'status' | 'reason' | 'body' | 'messageId'>;

function standing(reading: Reading, print: string, body: Buffer, ids: Ids): Standing {
  if (reading.kind === 'unusable')
    return quarantine(print, body, reading.eventId, reasonOf(reading.problems));
  const common = { slot: eventSlot(reading.eventId), reason: null, body: body.toString('base64') };
  return reading.kind === 'usable'
    ? { ...common, status: 'pending', messageId: ids() }
    : { ...common, status: 'ignored', messageId: null };
}

/** The same row for quarantine: its event id was taken by other content. */
export function conflicting(row: NewDelivery): NewDelivery {
  const body = Buffer.from(row.body, 'base64');
  return { ...row, ...quarantine(row.fingerprint, body, row.eventId, 'event-id-taken') };
}

function eventSlot(eventId: string): string {
  return `event:${eventId}`;
}

/** The event id is shown beside the body anyway, and its digits are what a replay needs. */
function quarantine(print: string, body: Buffer, eventId: string | null, reason: string): Standing {
  const masked = maskCardDigits(body.toString('latin1'), eventId);
  return {
    slot: `quarantine:${print}`,
    status: 'quarantined',
    reason,
    // Through latin1, which keeps every byte, whatever the body is.
    body: Buffer.from(masked, 'latin1').toString('base64'),
    messageId: null,
  };
}

/** An id that no column takes is not kept; the body has it. */
function storable(eventId: string | null): string | null {
  return eventId !== null && /^[!-~]{1,128}$/.test(eventId) ? eventId : null;
}
