import { verifyAudit } from '@perennial/audit';
import { route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';

export function auditVerification({ db }: Context) {
  return route({
    method: 'post',
    path: '/audit/verify',
    summary: 'Walk the chain of audit entries and name the first that was altered',
    scopes: ['operator'],
    answers: {
      200: z.object({
        entries: z.int(),
        ok: z.boolean(),
        firstBadEntry: z.string().optional(),
      }),
    },
    perform: async () => ({ status: 200, body: await verifyAudit(db) }),
  });
}
