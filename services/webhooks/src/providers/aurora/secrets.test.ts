import { WebhookSecrets } from './secrets';

const secret = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`;

test('several secrets, each with its own end', () => {
  const text = `${secret(24)} , ${secret(64)}@2027-01-01T00:00:00+01:00`;
  const secrets = WebhookSecrets.parse(text);
  expect(secrets.map(({ key, endsAt }) => [key.length, endsAt])).toEqual([
    [24, null],
    [64, '2026-12-31T23:00:00.000Z'],
  ]);
});

test.each([
  ['short', secret(23)],
  ['without its prefix', secret(24).slice(6)],
  ['not base64', 'whsec_?'],
  ['empty', ''],
  ['followed by nothing', `${secret(24)},`],
  ['with an end that is no instant', `${secret(24)}@soon`],
])('a secret that is %s is refused, and not repeated', (_, text) => {
  const { success, error } = WebhookSecrets.safeParse(text);
  expect(success).toBe(false);
  if (text.length > 10) expect(error?.message).not.toContain(text.slice(8));
});
