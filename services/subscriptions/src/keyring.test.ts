import { Keyring } from './keyring';

const older = Buffer.alloc(32, 1);
const newer = Buffer.alloc(32, 2);
const before = new Keyring([older]);
const during = new Keyring([newer, older]);
const after = new Keyring([newer]);

test('what an older key sealed opens while both are there', () => {
  const sealed = before.seal('Ada', 'customer 1');
  expect(sealed).not.toContain('Ada');
  expect(sealed.split('.')[0]).toBe(before.firstKeyId);
  expect(during.open(sealed, 'customer 1')).toBe('Ada');
  expect(() => after.open(sealed, 'customer 1')).toThrow(/not in the settings/);
});

test('the first key writes', () => {
  expect(after.open(during.seal('Ada', 'customer 1'), 'customer 1')).toBe('Ada');
});

test('the same text is sealed differently each time', () => {
  expect(before.seal('Ada', 'customer 1')).not.toBe(before.seal('Ada', 'customer 1'));
});

test('a ciphertext that was copied to another row, or altered, does not open', () => {
  const sealed = before.seal('Ada', 'customer 1');
  expect(() => before.open(sealed, 'customer 2')).toThrow();
  const [keyId = '', base64 = ''] = sealed.split('.');
  const bytes = Buffer.from(base64, 'base64');
  bytes[13] = (bytes[13] ?? 0) ^ 1;
  expect(() => before.open(`${keyId}.${bytes.toString('base64')}`, 'customer 1')).toThrow();
});

test('an address is found whatever its case, and after a rotation', () => {
  const written = before.emailHash('ada@example.org');
  expect(before.emailHashes(' Ada@Example.ORG ')).toEqual([written]);
  expect(during.emailHashes('ada@example.org')).toContain(written);
  expect(during.emailHash('ada@example.org')).not.toBe(written);
  expect(before.emailHash('eve@example.org')).not.toBe(written);
});
