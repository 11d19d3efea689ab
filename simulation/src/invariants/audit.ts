import { verifyAudit } from '@perennial/audit';
import { rebuildDiff } from '@perennial/billing';
import type { Database } from '@perennial/database';
import type { Invariant } from '../invariant';
import { SERVICES, type ServiceName } from '../record';
import { violation } from './judging';

/** Judged by the services' own tools, which read their databases themselves. */
export function auditInvariants(
  databases: () => Readonly<Record<ServiceName, Database>>,
): readonly Invariant[] {
  return [
    {
      name: 'audit/chain-verifies',
      meaning: 'No entry of any audit trail was altered, removed or inserted.',
      holds: 'at rest',
      violations: async () => {
        const found = await Promise.all(
          SERVICES.map(async (service) => ({
            service,
            ...(await verifyAudit(databases()[service])),
          })),
        );
        return found
          .filter(({ ok }) => !ok)
          .map(({ service, firstBadEntry = '' }) =>
            violation(`the audit trail of ${service} is broken at ${firstBadEntry}`, firstBadEntry),
          );
      },
    },
    {
      name: 'audit/rebuilds',
      meaning: 'The money tables rebuilt from the audit trail equal the live ones.',
      holds: 'at rest',
      violations: async () =>
        (await rebuildDiff(databases().billing)).differences.map((line) => violation(line, line)),
    },
  ];
}
