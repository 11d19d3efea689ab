import { addMs, type Instant, parseInstant } from '@perennial/calendar';
import { PerMinute } from './per-minute';

const start = parseInstant('2026-07-03T12:00:00Z');

test('an address may come so often a minute, counted from its first time', () => {
  let now: Instant = start;
  const counts = new PerMinute({ now: () => now }, 3);
  const come = (address = '10.0.0.1') => counts.count(address);
  expect([come(), come(), come(), come('10.0.0.2')]).toEqual([null, null, null, null]);
  expect(come()).toBe(60);
  now = addMs(start, 59_999);
  expect([come(), come('10.0.0.2')]).toEqual([1, null]);
  now = addMs(start, 60_000);
  expect([come(), come(), come(), come()]).toEqual([null, null, null, 60]);
});

test('of many addresses the oldest is forgotten, so that memory is bounded', () => {
  const counts = new PerMinute({ now: () => start }, 1);
  const [first, second] = ['address 0', 'address 1'];
  for (let n = 0; n <= 10_000; n += 1) counts.count(`address ${n}`);
  expect([counts.count(second), counts.count(first)]).toEqual([60, null]);
});
