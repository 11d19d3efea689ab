import { parseDate } from '@perennial/calendar';
import { render } from './rendering';
import type { Statement } from './statement';

const ada = { title: 'Dr', firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org' };
const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });
const day = parseDate('2026-02-28');
const item = { subscriptionId: 's', productName: 'Coffee', quantity: 2, amount: gbp(2500) };
const receipt = (amount = gbp(2500), productName = 'Coffee'): Statement => ({
  kind: 'payment_receipt',
  data: {
    ...{ amount, paidOn: day },
    items: [{ ...item, productName, amount, nextBillingDate: parseDate('2026-03-31') }],
  },
});

test('a receipt says who, what, how much and when next, as text and as HTML', () => {
  expect(render(receipt(), ada)).toEqual({
    subject: 'Your receipt for 25.00 GBP',
    text: [
      'Dear Dr Ada Lovelace,',
      'Thank you. We received 25.00 GBP on 28 February 2026.',
      '- 2 × Coffee: 25.00 GBP – next charge on 31 March 2026\n',
    ].join('\n\n'),
    html: [
      '<!doctype html>',
      '<html lang="en"><head><meta charset="utf-8"><title>Your receipt for 25.00 GBP</title></head><body>',
      '<p>Dear Dr Ada Lovelace,</p>',
      '<p>Thank you. We received 25.00 GBP on 28 February 2026.</p>',
      '<ul>\n<li>2 × Coffee: 25.00 GBP – next charge on 31 March 2026</li>\n</ul>',
      '</body></html>\n',
    ].join('\n'),
  });
});

test.each([
  [1250, 'GBP', '12.50 GBP'],
  [5, 'GBP', '0.05 GBP'],
  [1250, 'JPY', '1250 JPY'],
  [1250, 'KWD', '1.250 KWD'],
])('%i minor units of %s are %s', (amountMinor, currency, text) => {
  expect(render(receipt({ amountMinor, currency }), ada).text).toContain(`received ${text} on`);
});

const declined: Statement = {
  kind: 'payment_declined',
  data: {
    ...{ amount: gbp(2500), billingDate: day, items: [item] },
    nextAttemptOn: parseDate('2026-03-01'),
  },
};
const terminated = (amount: ReturnType<typeof gbp> | null): Statement => ({
  kind: 'subscription_terminated',
  data: { productName: 'Coffee', endedOn: day, paymentId: null, amount },
});
const cardLost = (cause: 'card_expired' | 'card_cancelled', isOver = false): Statement => ({
  kind: 'card_unavailable',
  data: { subscriptionId: 's', productName: 'Coffee', cause, endsOn: day, isOver },
});
const refunded: Statement = {
  kind: 'refund_receipt',
  data: { amount: gbp(500), refundedOn: day, productNames: ['Coffee', 'Tea'] },
};

// biome-ignore format: a table
test.each<[Statement, string, string[]]>([
  [declined,                   'Your payment of 25.00 GBP was declined',   ['due on 28 February 2026', 'try again on 1 March 2026', '2 × Coffee']],
  [terminated(gbp(2500)),      'Your subscription to Coffee has ended',    ['last charge of 25.00 GBP for Coffee', 'ended on 28 February 2026']],
  [terminated(null),           'Your subscription to Coffee has ended',    ['The last charge for Coffee was declined']],
  [cardLost('card_expired'),   'Your card has expired',                    ['Your subscription to Coffee ends on 28 February 2026', 'not be charged again']],
  [cardLost('card_cancelled'), 'Your card was cancelled',                  ['ends on 28 February 2026']],
  [cardLost('card_expired', true), 'Your card has expired',                ['therefore ended on 28 February 2026', 'not be charged again']],
  [refunded,                   'Your refund of 5.00 GBP',                  ['on 28 February 2026', '- Coffee\n- Tea']],
])('%j is told in full', (statement, subject, parts) => {
  const rendered = render(statement, ada);
  expect(rendered.subject).toBe(subject);
  for (const part of parts) expect(rendered.text).toContain(part);
});

test('nothing is said of what is charged next where nothing is', () => {
  const items = [{ ...item, nextBillingDate: null }];
  const data = { amount: gbp(2500), paidOn: day, items };
  const { text } = render({ kind: 'payment_receipt', data }, ada);
  expect(text).toContain('nothing more will be charged');
  expect(text).not.toContain('next charge');
});

test('other people’s texts stay text', () => {
  const nasty = {
    ...ada,
    title: null,
    firstName: '<b>Eve</b>\r\nBcc: all',
    lastName: '"E" & \'F\'',
  };
  const { html, text } = render(receipt(gbp(1), '<script>alert(1)</script>\n- free'), nasty);
  expect(html).not.toMatch(/<b>|<script>/);
  expect(html).toContain('Dear &lt;b&gt;Eve&lt;/b&gt; Bcc: all &quot;E&quot; &amp; &#39;F&#39;,');
  expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(1);
  expect(text).not.toContain('\r');
});

test('a product’s name cannot add a header', () => {
  const data = { productName: 'Tea\r\nBcc: all@example.org', endedOn: day };
  const statement = { kind: 'subscription_terminated' as const, data };
  const whole = { ...statement, data: { ...data, paymentId: null, amount: null } };
  expect(render(whole, ada).subject).toBe(
    'Your subscription to Tea Bcc: all@example.org has ended',
  );
});
