import { localDate } from '@perennial/calendar';
import { notFound, route } from '@perennial/service';
import { z } from 'zod';
import type { Context } from '../context';
import { explain } from '../domain/explanation';
import { findCustomer } from '../store/find-accounts';
import { paymentsOfSubscription } from '../store/payments';
import { findSchedule } from '../store/schedules';
import { Id } from './documents';

const date = z.iso.date();
const Step = z.object({
  at: z.iso.datetime(),
  what: z.string(),
  why: z.string(),
  ref: z.string(),
});

const ExplanationDocument = z.object({
  charges: z.array(z.object({ billingDate: date, cycle: z.int(), steps: z.array(Step) })),
  next: z.array(z.object({ on: date, what: z.string() })),
});

export function explainSubscription({ rules }: Context) {
  return route({
    method: 'get',
    path: '/subscriptions/:id/explanation',
    summary: 'Why each charge was made, and what happens next if the card keeps failing',
    scopes: ['billing:read'],
    params: Id,
    answers: { 200: ExplanationDocument },
    handle: async ({ params: { id }, now }, tx) => {
      const schedule = await findSchedule(id, tx);
      const customer = schedule && (await findCustomer(schedule.customerId, tx));
      if (!schedule || !customer) throw notFound('subscription', id);
      const payments = await paymentsOfSubscription(id, tx);
      const today = localDate(now, rules.time.zone);
      return { status: 200, body: explain({ customer, schedule, payments, today, rules }) };
    },
  });
}
