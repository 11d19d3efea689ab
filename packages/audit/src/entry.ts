import { createHash } from 'node:crypto';
import { Instant } from '@perennial/calendar';
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

/** An entry as it lies in the table; `facts` is the exact text. */
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
  at: Instant,
  seq: z.number().nullable(),
  hash: z.string().nullable(),
});
export type StoredEntry = z.output<typeof StoredEntry>;

export const FIRST_HASH = '0'.repeat(64);

/** SHA-256 over the hash before and every field that tells something, each with its length. */
export function hashOf(before: string, seq: number, entry: StoredEntry): string {
  const { id, entityType, entityId, fromState, toState, facts, actor } = entry;
  const { triggerRef, correlationId, causationId, at } = entry;
  const told = [id, entityType, entityId, fromState, toState, facts, actor];
  const fields = [before, seq, ...told, triggerRef, correlationId, causationId, at];
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex');
}
