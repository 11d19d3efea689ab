import { writeAudit } from '@perennial/audit';
import type { Announcement } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import type { Context } from '../../context';
import { tellDiscrepancy } from '../../domain/announcements';
import type { Discrepancy } from '../../domain/discrepancy';
import type { Finding } from '../../domain/reconciliation';
import { insertFound, lockOwners, reportedAmong } from '../../store/discrepancies';
import { insertFindings } from '../../store/findings';
import type { Reconciliation } from '../../store/reconciliations';

/**
 * Notes what a reconciliation found. What has been reported before, by whomever, is only linked: it stays
 * as it is, explained or not. Returns what is to be announced in the same transaction.
 */
export async function report(
  findings: readonly Finding[],
  state: 'open' | 'auto_fixed',
  { id, provider, cause }: Reconciliation,
  { clock, ids }: Context,
  tx: Tx,
): Promise<Announcement[]> {
  if (findings.length === 0) return [];
  const now = clock.now();
  await lockOwners(
    findings.flatMap(({ paymentId }) => paymentId ?? []),
    tx,
  );
  const reported = await reportedAmong(findings, tx);
  const fresh = findings
    .filter((finding) => reported(finding) === undefined)
    .map((finding): Discrepancy => ({ ...finding, id: ids(), provider, openedAt: now }));
  await insertFound(fresh, state, tx);

  // Whoever else reports the same at this moment may have been first.
  const known = fresh.length > 0 ? await reportedAmong(findings, tx) : reported;
  await insertFindings(id, [...new Set(findings.flatMap((one) => known(one) ?? []))], tx);
  const ours = fresh.filter((discrepancy) => known(discrepancy) === discrepancy.id);
  const entries = ours.map((discrepancy) => ({
    entity: { type: 'discrepancy', id: discrepancy.id },
    from: null,
    to: state,
    facts: { ...discrepancy, state, note: null },
    cause,
    at: now,
  }));
  await writeAudit(entries, tx, ids);
  return state === 'open' ? ours.map((discrepancy) => tellDiscrepancy(discrepancy, cause)) : [];
}
