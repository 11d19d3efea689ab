import { plainAddress } from './address';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['::FFFF:10.0.0.1', '10.0.0.1'],
  ['2001:db8::ffff:1', '2001:db8::ffff:1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['', ''],
])('%j is the peer %j', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});
