import { z } from 'zod';
import { withinReach } from './civil-date';

/** A moment in UTC with milliseconds, `2026-07-03T23:30:00.000Z`. Sorts as text, and is stored as that text. */
export type Instant = string & { readonly __brand: 'Instant' };

/** Reads any ISO 8601 moment with an offset and writes it the one way. */
export const Instant = z.iso
  .datetime({ offset: true })
  .transform((text) => instantOfMs(Date.parse(text)))
  .refine(...withinReach);

export function parseInstant(text: string): Instant {
  return Instant.parse(text);
}

/** `ms` counts from 1970-01-01T00:00:00Z. */
export function instantOfMs(ms: number): Instant {
  return new Date(ms).toISOString() as Instant;
}

export function msOf(instant: Instant): number {
  return Date.parse(instant);
}

export function addMs(instant: Instant, ms: number): Instant {
  return instantOfMs(msOf(instant) + ms);
}

export function earliest(...instants: readonly (Instant | null)[]): Instant | null {
  return instants.reduce((first, next) => {
    if (first === null || next === null) return first ?? next;
    return next < first ? next : first;
  }, null);
}
