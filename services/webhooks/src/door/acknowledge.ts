import type { Outcome } from '../providers/provider';
import { type Answer, problem } from './answer';
import type { RawRequest } from './raw-request';

const STATUS_OF = { accepted: 202, duplicate: 200, conflict: 200, ignored: 200 } as const;

/** The usual answer to a request that tells one event. */
export function acknowledgeOne(
  outcome: Outcome | undefined,
  { requestId }: RawRequest,
  { acknowledgeQuarantined }: { readonly acknowledgeQuarantined: boolean },
): Answer {
  if (outcome === undefined) throw new Error('a request of one event had none');
  const { became, reading } = outcome;
  if (became !== 'quarantined') {
    const status = became === 'conflict' ? 'duplicate' : became;
    return { status: STATUS_OF[became], body: { status } };
  }
  if (acknowledgeQuarantined || reading.kind !== 'unusable') {
    return { status: 200, body: { status: 'quarantined' } };
  }
  return problem({
    status: reading.status,
    code: 'unusable-event',
    detail: 'The event is authentic but cannot be used. It is kept in quarantine.',
    errors: reading.problems,
    requestId,
  });
}
