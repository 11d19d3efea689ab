import { addMs, type Instant, parseInstant } from '@perennial/calendar';
import { Failures } from './failures';

const start = parseInstant('2026-07-03T12:00:00Z');

test('an address may fail so often a minute, counted from its first failure', () => {
  let now: Instant = start;
  const failures = new Failures({ now: () => now }, 3);
  const fail = (address = '10.0.0.1') => failures.count(address);
  expect([fail(), fail(), fail(), fail('10.0.0.2')]).toEqual([null, null, null, null]);
  expect(fail()).toBe(60);
  now = addMs(start, 59_999);
  expect([fail(), fail('10.0.0.2')]).toEqual([1, null]);
  now = addMs(start, 60_000);
  expect([fail(), fail(), fail(), fail()]).toEqual([null, null, null, 60]);
});

test('of many addresses the oldest is forgotten, so that memory is bounded', () => {
  const failures = new Failures({ now: () => start }, 1);
  const [first, second] = ['address 0', 'address 1'];
  for (let n = 0; n <= 10_000; n += 1) failures.count(`address ${n}`);
  expect([failures.count(second), failures.count(first)]).toEqual([60, null]);
});
