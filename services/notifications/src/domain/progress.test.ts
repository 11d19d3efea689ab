import { parseInstant } from '@perennial/calendar';
import { afterAttempt, type Fate } from './progress';

const now = parseInstant('2026-02-28T06:00:00Z');
const after = (attempts: number, fate: Fate) => afterAttempt({ id: 'mail', attempts }, fate, now);

test.each([
  [1, '2026-02-28T06:01:00.000Z'],
  [2, '2026-02-28T06:05:00.000Z'],
  [3, '2026-02-28T06:30:00.000Z'],
  [4, '2026-02-28T08:00:00.000Z'],
  [5, '2026-02-28T12:00:00.000Z'],
  [31, '2026-02-28T12:00:00.000Z'],
])('after attempt %i without an answer it is tried again at %s', (attempts, dueAt) => {
  const waiting = { id: 'mail', attempts, status: 'pending', dueAt };
  expect(after(attempts, 'no_answer')).toEqual(waiting);
});

test.each<[number, Fate, string]>([
  [32, 'no_answer', 'failed'],
  [1, 'refused', 'failed'],
  [1, 'accepted', 'sent'],
  [32, 'accepted', 'sent'],
])('attempt %i that is %s is the last: %s', (attempts, fate, status) => {
  const sentAt = status === 'sent' ? { sentAt: now } : {};
  expect(after(attempts, fate)).toEqual({ id: 'mail', attempts, status, ...sentAt });
});
