import { CalendarDate, daysBetween } from '@perennial/calendar';
import { Currency } from '@perennial/contracts';
import { invalid, route } from '@perennial/service';
import { z } from 'zod';
import { forecast } from '../store/forecast';

const MOST_DAYS = 1100;

const ForecastDocument = z.object({
  data: z.array(
    z.object({
      date: z.iso.date(),
      currency: Currency,
      cycles: z.int(),
      amountMinor: z.int(),
    }),
  ),
});

export function readForecast() {
  return route({
    method: 'get',
    path: '/forecast',
    summary: 'Cycles and amounts due, per day and currency, both days included',
    scopes: ['billing:read'],
    query: z.object({ from: CalendarDate, to: CalendarDate }),
    answers: { 200: ForecastDocument },
    handle: async ({ query: { from, to } }, tx) => {
      if (to < from) {
        const message = 'The last day is before the first.';
        throw invalid([{ pointer: '/to', code: 'before-from', message }]);
      }
      if (daysBetween(from, to) > MOST_DAYS) {
        const message = `A forecast covers at most ${MOST_DAYS} days.`;
        throw invalid([{ pointer: '/to', code: 'too-far', message }]);
      }
      return { status: 200, body: { data: await forecast(from, to, tx) } };
    },
  });
}
