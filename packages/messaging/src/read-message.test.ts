import { AttemptResolved } from '@perennial/contracts';
import { clock, ids, resolved } from '../test/conversation';
import { envelopeOf } from './envelope';
import { on } from './handler';
import { readMessage } from './read-message';

const handlers = new Map([[AttemptResolved.type, on(AttemptResolved, async () => [])]]);
const body = JSON.stringify(envelopeOf(resolved(), { service: 'billing', clock, ids }));

test('reads what was sent', () => {
  const message = readMessage(Buffer.from(body), handlers);
  expect(message).toMatchObject({ envelope: { type: AttemptResolved.type }, body });
});

test('bytes that are no UTF-8 are not repaired', () => {
  const bytes = Buffer.from(body.replace('"billing', '"\u00e9billing'), 'latin1');
  expect(readMessage(bytes, handlers)).toMatchObject({ reason: 'not JSON in UTF-8' });
});

test('a message without a readable id is known again, and is told from others', () => {
  const idOf = (text: string) => {
    const message = readMessage(Buffer.from(text), handlers);
    return 'id' in message ? message.id : '';
  };
  expect(idOf('{')).toBe(idOf('{'));
  expect(idOf('{')).not.toBe(idOf('}'));
  expect(idOf('{')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('a reason tells where it does not fit, and not what was there', () => {
  const spoiled = JSON.stringify({ ...JSON.parse(body), data: { attemptId: 'ada@example.org' } });
  const { reason } = { reason: '', ...readMessage(Buffer.from(spoiled), handlers) };
  expect(reason).toContain('attemptId: invalid_format');
  expect(reason).not.toContain('ada');
});
