import { createHash } from 'node:crypto';
import type { Instant } from '@perennial/calendar';
import type { Cause } from '@perennial/contracts';
import { z } from 'zod';

/** One state change of money or of a subscription. */
export interface AuditEntry {
  readonly entity: { readonly type: string; readonly id: string };
  /** Null for the first. */
  readonly from: string | null;
  readonly to: string;
  /** The whole new state: what `rebuild` makes rows of. */
  readonly facts: object;
  readonly cause: Cause;
  readonly at: Instant;
}

/** An entry as it lies in the table; `facts` and `at` are the exact text, so that no change of it is read away. */
export const StoredEntry = z.object({
  position: z.number(),
  id: z.string(),
  entityType: z.string(),
  entityId: z.string(),
  fromState: z.string().nullable(),
  toState: z.string(),
  facts: z.string(),
  actor: z.string(),
  triggerRef: z.string(),
  correlationId: z.string(),
  causationId: z.string().nullable(),
  at: z.string(),
  seq: z.number().nullable(),
  hash: z.string().nullable(),
});
export type StoredEntry = z.output<typeof StoredEntry>;

export const FIRST_HASH = '0'.repeat(64);

/** SHA-256 over the hash before and every field that tells something; the position tells which is newest. */
export function hashOf(before: string, seq: number, entry: StoredEntry): string {
  const { position, id, entityType, entityId, fromState, toState, facts } = entry;
  const { actor, triggerRef, correlationId, causationId, at } = entry;
  const told = [position, id, entityType, entityId, fromState, toState, facts];
  const fields = [before, seq, ...told, actor, triggerRef, correlationId, causationId, at];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
