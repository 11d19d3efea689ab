import { createLogger } from './index';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  write(createLogger({ name: 'billing', level: 'info', destination }));
  return lines.join('');
}

const SECRET = 's3cr3t-value';

function nested(value: unknown, depth: number): object {
  return { a: depth === 0 ? value : nested(value, depth - 1) };
}

test.each([
  ['a field', { email: SECRET }],
  ['a field in any spelling', { 'First-Name': SECRET }],
  ['a field deep inside', { a: [{ b: { c: { last_name: SECRET } } }] }],
  ['an object under a telling name', { address: { street: SECRET } }],
  ['a header', { request: { headers: { 'x-own': SECRET } } }],
  ['a body', { response: { body: SECRET } }],
  ['deeper than we look', nested(SECRET, 12)],
])('leaves out the value of %s', (_, fields) => {
  const line = logged((logger) => logger.info(fields, 'x'));
  expect(line).not.toContain(SECRET);
  expect(line).toContain('[redacted]');
});

test('leaves out what a child logger was bound to', () => {
  expect(logged((logger) => logger.child({ token: SECRET }).info('x'))).not.toContain(SECRET);
});

test.each([
  ['a bearer token', `call with Bearer ${SECRET} failed`, SECRET],
  ['an e-mail address', 'Duplicate entry ada@example.org', 'ada@'],
  ['a card number', 'card 4111111111111111 refused', '4111111111111111'],
  ['a card number in groups', 'card 4111 1111-1111 1111 refused', '1111'],
  ['a password in a URL', `cannot reach mysql://app:${SECRET}@db/billing`, SECRET],
])('masks %s in texts and in error messages', (_, text, secret) => {
  expect(logged((logger) => logger.error({ err: new Error(text) }, text))).not.toContain(secret);
});

test('keeps of an error what a driver did not hang on it', () => {
  const error = Object.assign(new Error('no', { cause: new Error('because') }), {
    code: 'ER_DUP_ENTRY',
    sql: `INSERT … ${SECRET}`,
  });
  const line = logged((logger) => logger.error({ err: error }, 'x'));
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    name: 'billing',
    err: { message: 'no', code: 'ER_DUP_ENTRY', cause: { message: 'because' } },
  });
  expect(line).not.toContain(SECRET);
});

test('keeps ids, instants and amounts', () => {
  const facts = {
    correlationId: '0190a1b2-1234-7234-8234-123456789012',
    at: '2026-07-03T23:30:00.000Z',
    amountMinor: 1250,
  };
  expect(JSON.parse(logged((logger) => logger.info(facts, 'x')))).toMatchObject(facts);
});
