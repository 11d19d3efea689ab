import { parseSettings } from '@perennial/service';
import { Settings } from './settings';

const COMMON = {
  ...{ DATABASE_URL: 'sqlite::memory:', BROKER_URL: 'local:' },
  API_TOKENS: `ops:operator:${'0'.repeat(64)}`,
};
const AURORA = { AURORA_WEBHOOK_SECRETS: `whsec_${Buffer.alloc(24, 7).toString('base64')}` };
const BOREALIS = {
  BOREALIS_PARTNER_CODE: 'PERENNIAL',
  BOREALIS_WEBHOOK_SECRETS: 'twenty-four bytes of text',
};
const parse = (env: Record<string, string | undefined>) =>
  parseSettings(Settings, { ...COMMON, ...env });

test.each([
  ['both', { ...AURORA, ...BOREALIS }, ['aurora', 'borealis']],
  ['Aurora alone', AURORA, ['aurora']],
  ['Borealis alone', BOREALIS, ['borealis']],
  [
    'Aurora, with an empty secret for the other',
    { ...AURORA, BOREALIS_WEBHOOK_SECRETS: '' },
    ['aurora'],
  ],
])('%s', (_, env, names) => {
  expect([...parse(env).adapters.keys()]).toEqual(names);
});

test.each([
  ['with no provider', {}],
  ['without who Borealis is', { ...BOREALIS, BOREALIS_PARTNER_CODE: '' }],
  ['with a secret of 23 bytes', { ...BOREALIS, BOREALIS_WEBHOOK_SECRETS: 'a'.repeat(23) }],
  [
    'with a short one among others',
    { ...BOREALIS, BOREALIS_WEBHOOK_SECRETS: `${'a'.repeat(24)},b` },
  ],
  ['with an end that is none', { ...BOREALIS, BOREALIS_WEBHOOK_SECRETS: `${'a'.repeat(24)}@soon` }],
  ['with peers by name', { ...BOREALIS, BOREALIS_PEERS: 'bank.example' }],
  ['with a port for host and port', { ...BOREALIS, BOREALIS_LISTEN: '4011' }],
  ['with a port beyond all', { ...BOREALIS, BOREALIS_LISTEN: '127.0.0.1:65536' }],
  ['with a bare IPv6 host', { ...BOREALIS, BOREALIS_LISTEN: '::1:4011' }],
])('it does not start %s', (_, env) => {
  expect(() => parse(env)).toThrow(/in the settings/);
});

test('a secret with an @ in it needs an end, which is what follows the last', () => {
  const secret = 'a secret with an @ in its text';
  expect(() => parse({ ...BOREALIS, BOREALIS_WEBHOOK_SECRETS: secret })).toThrow();
  parse({ ...BOREALIS, BOREALIS_WEBHOOK_SECRETS: `${secret}@2999-01-01T00:00:00Z` });
});

test.each(['127.0.0.1:4011', '[::1]:4011', 'localhost:0', '0.0.0.0:65535'])(
  'it can listen to %s',
  (address) => {
    parse({ ...BOREALIS, BOREALIS_LISTEN: address });
  },
);

test('all that is wrong is named at once, and no secret', () => {
  const env = { ...AURORA, ...BOREALIS, BOREALIS_WEBHOOK_SECRETS: 'short', BOREALIS_PEERS: 'x' };
  const wrong = () => parse({ ...env, AURORA_WEBHOOK_SECRETS: 'whsec_short', API_TOKENS: '' });
  expect(wrong).toThrow(/API_TOKENS.*AURORA_WEBHOOK_SECRETS.*BOREALIS_WEBHOOK_SECRETS.*PEERS/s);
  expect(wrong).not.toThrow(/whsec_short/);
});
