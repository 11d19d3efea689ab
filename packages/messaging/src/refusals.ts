import type { Clock, Instant } from '@perennial/calendar';
import type { Tx } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import type { Metrics } from './metrics';
import type { Tried } from './relay';
import { afterFailure, type NextTry, PARKED } from './retry-schedule';
import { insertFailed } from './store-failed';
import { countRefusals } from './store-outbox';
import type { Outcome } from './transport';

interface Reporting {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * Messages that cannot be sent wait among the failed ones, where an operator sees them, and each
 * holds back its subject until it is sent after all or discarded.
 */
export async function recordRefusals(
  refused: readonly Tried[],
  { clock, logger, metrics }: Reporting,
  tx: Tx,
): Promise<void> {
  if (refused.length === 0) return;
  const now = clock.now();
  const failures = refused.map(({ row, outcome }) => ({
    id: row.messageId,
    type: row.type,
    attempts: row.refusals + 1,
    ...nextTry(outcome, row.refusals + 1, now),
    error: `not sent: ${outcome}`,
    firstFailedAt: now,
    discardReason: null,
    heldSubject: row.subject,
    body: row.body,
  }));
  await insertFailed(failures, tx);
  await countRefusals(
    refused.map(({ row }) => row),
    tx,
  );
  for (const { id, type, state, error } of failures) {
    metrics.failed(state);
    logger.error({ messageId: id, type, state, error }, 'a message cannot be sent');
  }
}

/** A listener may bind its queue any time; a message does not become smaller. */
function nextTry(outcome: Outcome, attempts: number, now: Instant): NextTry {
  return outcome === 'too-large' ? PARKED : afterFailure(attempts, now);
}
