import { instantOfMs } from '@perennial/calendar';
import { WebhookSecrets } from './secrets';
import { authenticate } from './signature';

/** Published with Standard Webhooks 1.0.0. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestamp: '1614265330',
  body: '{"test": 2432232314}',
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

function check(body: Buffer): boolean {
  const headers = {
    'webhook-id': [VECTOR.id],
    'webhook-timestamp': [VECTOR.timestamp],
    'webhook-signature': [VECTOR.signature],
  };
  const receivedAt = instantOfMs(Number(VECTOR.timestamp) * 1000);
  const request = { headers, body, peer: '127.0.0.1', requestId: 'r', receivedAt };
  return authenticate(request, WebhookSecrets.parse(VECTOR.secret), receivedAt).ok;
}

test('the published vector is authentic', () => {
  expect(check(Buffer.from(VECTOR.body))).toBe(true);
});

test.each([
  ['a byte more', Buffer.from(`${VECTOR.body} `)],
  ['another digit', Buffer.from(VECTOR.body.replace('4}', '5}'))],
  ['no body', Buffer.alloc(0)],
])('with %s it is not', (_, body) => {
  expect(check(body)).toBe(false);
});
