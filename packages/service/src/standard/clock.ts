import { type Clock, Instant } from '@perennial/calendar';
import { z } from 'zod';
import { invalid, notFound } from '../refusal';
import { route } from '../route';
import { standsStill } from '../time/clocks';
import type { Timeline } from '../time/timeline';

const Time = z.object({ now: z.iso.datetime() });
const scopes = ['operator'] as const;

/** Only while somebody moves the clock; else there are no such routes. */
export function clockRoutes(clock: Clock, timeline: Pick<Timeline, 'advance'>) {
  const onlyManual = () => {
    if (!standsStill(clock)) throw notFound('clock to be moved');
  };
  return [
    route({
      ...{ method: 'get', path: '/clock', scopes, answers: { 200: Time } },
      summary: 'The manual clock',
      perform: async () => {
        onlyManual();
        return { status: 200, body: { now: clock.now() } };
      },
    }),
    route({
      ...{ method: 'put', path: '/clock', scopes, answers: { 200: Time } },
      summary: 'Move time forward; answers when what fell due on the way has run, in order',
      body: z.strictObject({ now: Instant }),
      perform: async ({ body }) => {
        onlyManual();
        if (body.now < clock.now()) {
          const message = 'Time never goes back.';
          throw invalid([{ pointer: '/now', code: 'in-the-past', message }]);
        }
        await timeline.advance(body.now);
        return { status: 200, body: { now: clock.now() } };
      },
    }),
  ];
}
