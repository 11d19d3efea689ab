import type { FieldError } from '@perennial/service';
import { z } from 'zod';
import type { Reading } from './provider';

/** Visible ASCII. A `*` stands only where a card number was masked: such an id is no longer one. */
export const VisibleId = z
  .string()
  .max(128)
  .regex(/^[!-)+-~]+$/, 'expected visible ASCII characters');

type Facts = Pick<Reading, 'eventId' | 'type' | 'reference'>;

/** Well-formed JSON that is not what was agreed with the provider. */
export function unusable(facts: Facts, problems: readonly FieldError[]): Reading {
  return { ...facts, kind: 'unusable', status: 422, problems };
}

/** Pointers and codes, never the values. `base` is where in the body the parsed part begins. */
export function wrongFields(error: z.ZodError, base = ''): FieldError[] {
  return error.issues.map(({ path, code, message }) => ({
    pointer: base + path.map((segment) => `/${String(segment)}`).join(''),
    code,
    message,
  }));
}
