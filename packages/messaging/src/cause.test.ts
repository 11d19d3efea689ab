import { PaymentMethodChanged } from '@perennial/contracts';
import { clock, ids, resolved } from '../test/conversation';
import { causeOf, newCause } from './cause';
import { envelopeOf } from './envelope';

const start = newCause('customer', 'request:r1', ids);
const first = envelopeOf({ ...resolved(), cause: start }, { service: 'billing', clock, ids });

test('a chain starts with a new trace, and with no message before it', () => {
  expect(start).toMatchObject({ actor: 'customer', trigger: 'request:r1', causationId: null });
  expect(start.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(newCause('customer', 'request:r2', ids).correlationId).not.toBe(start.correlationId);
});

test('what comes of a message keeps its trace and names it as the step before', () => {
  const cause = causeOf(first);
  expect(cause).toMatchObject({
    actor: 'system',
    trigger: `message:${first.id}`,
    correlationId: start.correlationId,
    causationId: first.id,
  });
  const [, trace, span] = cause.traceparent.split('-');
  expect(trace).toBe(start.traceparent.split('-')[1]);
  expect(span).toMatch(/^[0-9a-f]{16}$/);
  expect(span).not.toBe(start.traceparent.split('-')[2]);
  expect(causeOf(first)).toEqual(cause);
});

test.each([
  ['provider.refund.v1', 'provider:aurora'],
  [PaymentMethodChanged.type, 'system'],
])('%s is the doing of %s', (type, actor) => {
  expect(causeOf({ ...first, type, data: { provider: 'aurora' } }).actor).toBe(actor);
});
