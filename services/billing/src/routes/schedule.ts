import { Money } from '@perennial/contracts';
import { notFound, route } from '@perennial/service';
import { z } from 'zod';
import { cardEnd } from '../domain/card';
import { nextCycles } from '../domain/coming';
import { findCustomer } from '../store/find-accounts';
import { findSchedule } from '../store/schedules';
import { Id } from './documents';

const ScheduleDocument = z.object({
  data: z.array(z.object({ cycle: z.int(), billingDate: z.iso.date(), amount: Money })),
});

export function readSchedule() {
  return route({
    method: 'get',
    path: '/subscriptions/:id/schedule',
    summary: 'The coming billing dates and amounts',
    scopes: ['billing:read'],
    params: Id,
    query: z.object({
      count: z.coerce.number().pipe(z.int().min(1).max(200)).default(12),
    }),
    answers: { 200: ScheduleDocument },
    handle: async ({ params: { id }, query: { count } }, tx) => {
      const schedule = await findSchedule(id, tx);
      if (!schedule) throw notFound('subscription', id);
      const customer = await findCustomer(schedule.customerId, tx);
      // With a card that is gone the next date ends the subscription instead.
      const willBeCharged = customer && !cardEnd(customer);
      const data = willBeCharged ? nextCycles(schedule, count) : [];
      return { status: 200, body: { data } };
    },
  });
}
