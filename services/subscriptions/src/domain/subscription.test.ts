import { parseDate, parseInstant } from '@perennial/calendar';
import type { Announcement, Cause } from '@perennial/contracts';
import {
  cardBecameUnavailable,
  cardReplaced,
  effectiveCancellation,
  requestCancellation,
  takeBackCancellation,
} from './cancellation';
import { changeOf } from './change';
import { paymentDeclined, paymentSucceeded } from './collection';
import { cancelledNow, cycleSkipped, paymentExhausted } from './end';
import { type Moment, momentOf } from './moment';
import { isLive, type Live, type Subscription, started } from './subscription';

const time = { zone: 'Europe/London', chargeTime: '06:00' };
const at = (text: string): Moment => momentOf(parseInstant(text), time);

const active = started({
  id: 'subscription',
  customerId: 'customer',
  productId: 'product',
  productName: 'Coffee',
  quantity: 2,
  price: { amountMinor: 1250, currency: 'GBP' },
  interval: 'monthly',
  anchorDate: parseDate('2026-01-31'),
  firstCharge: 'anniversary',
  registeredOn: parseDate('2026-01-31'),
  createdAt: parseInstant('2026-01-31T10:00:00Z'),
  version: 1,
});

type Step = (live: Live) => Subscription;

const card = (text: string, cause: 'expired' | 'cancelled' = 'expired'): Step => {
  return (live) => cardBecameUnavailable(live, { id: 'card', cause }, at(text));
};
const asked =
  (text: string): Step =>
  (live) =>
    requestCancellation(live, 'wish', at(text));
const payment = (billingDate: string, version: number, paymentId = `payment ${billingDate}`) => ({
  paymentId,
  billingDate: parseDate(billingDate),
  version,
});
const declined = (date: string, version: number, now: string): Step => {
  return (live) => paymentDeclined(live, payment(date, version), at(now));
};
const succeeded = (date: string, version: number, now: string): Step => {
  return (live) => paymentSucceeded(live, payment(date, version), at(now));
};
const exhausted: Step = (live) =>
  paymentExhausted(live, 'payment', parseInstant('2026-03-05T06:00:00Z'));
const skipped = (
  reason: 'card_expired' | 'card_cancelled' | 'cancellation_due',
  when = '2026-03-31T05:00:00Z',
): Step => {
  return (live) => cycleSkipped(live, reason, at(when));
};
const now: Step = (live) =>
  cancelledNow(live, 'customer_request', parseInstant('2026-02-10T12:00:00Z'));

const cause: Cause = {
  actor: 'system',
  trigger: 'timer:test',
  correlationId: 'c',
  causationId: null,
  traceparent: '00-0-0-00',
};

function live(steps: readonly Step[]): { end: Subscription; told: Announcement[] } {
  const told: Announcement[] = [];
  let end: Subscription = active;
  for (const step of steps) {
    if (!isLive(end)) break;
    const { after, announce } = changeOf(end, step(end), cause, at('2026-02-01T00:00:00Z').now);
    told.push(...announce);
    end = after;
  }
  return { end, told };
}

function outlook(subscription: Subscription): string {
  if (!isLive(subscription)) return `${subscription.status}: ${subscription.endReason}`;
  const cancellation = effectiveCancellation(subscription);
  const end = cancellation ? ` until ${cancellation.on}: ${cancellation.reason}` : '';
  return `${subscription.status}${end}`;
}

const D = '2026-02-28';
const slot = `${D}T06:00:00.000Z`;

// biome-ignore format: a table
test.each<[string, Step[], string]>([
  ['a wish before charge time takes effect on that very date',         [asked('2026-02-28T05:59:59.999Z')],                              'active until 2026-02-28: customer_request'],
  ['a wish at charge time takes effect a month later',                 [asked(slot)],                                                    'active until 2026-03-31: customer_request'],
  ['a wish repeated later keeps its first date',                       [asked('2026-02-10T00:00:00Z'), asked('2026-03-10T00:00:00Z')],   'active until 2026-02-28: customer_request'],
  ['a wish taken back is gone',                                        [asked('2026-02-10T00:00:00Z'), takeBackCancellation],            'active'],
  ['a wish for now ends it',                                           [now],                                                            'cancelled: customer_request'],
  ['a lost card ends it at the next billing date',                     [card('2026-02-10T00:00:00Z')],                                   'active until 2026-02-28: card_expired'],
  ['a cancelled card is told apart',                                   [card('2026-02-10T00:00:00Z', 'cancelled')],                      'active until 2026-02-28: card_cancelled'],
  ['a lost card told twice keeps its first cause',                     [card('2026-02-10T00:00:00Z'), card('2026-02-11T00:00:00Z', 'cancelled')], 'active until 2026-02-28: card_expired'],
  ['a lost card is not the customer’s to take back',                   [card('2026-02-10T00:00:00Z'), takeBackCancellation],             'active until 2026-02-28: card_expired'],
  ['a new card revokes what the old one caused',                       [card('2026-02-10T00:00:00Z'), cardReplaced],                     'active'],
  ['a new card does not revoke a wish',                                [asked('2026-02-10T00:00:00Z'), card('2026-02-11T00:00:00Z'), cardReplaced], 'active until 2026-02-28: customer_request'],
  ['an earlier wish stays when the card is lost',                      [asked('2026-02-10T00:00:00Z'), card('2026-02-11T00:00:00Z')],    'active until 2026-02-28: customer_request'],
  ['a wish taken back leaves what the lost card caused',               [asked('2026-02-10T00:00:00Z'), card('2026-02-11T00:00:00Z'), takeBackCancellation], 'active until 2026-02-28: card_expired'],
  ['a wish after the card was lost survives the new card',             [card('2026-02-10T00:00:00Z'), asked('2026-02-11T00:00:00Z'), cardReplaced], 'active until 2026-02-28: customer_request'],
  ['a declined payment makes it past due',                             [declined(D, 2, slot)],                                           'past_due'],
  ['past due, a wish waits for the next billing date',                 [declined(D, 2, slot), asked('2026-03-01T12:00:00Z')],            'past_due until 2026-03-31: customer_request'],
  ['in grace, a lost card ends it at the next daily slot',             [declined(D, 2, slot), card('2026-03-01T12:00:00Z')],             'past_due until 2026-03-02: card_expired'],
  ['in grace before charge time, the slot is today’s',                 [declined(D, 2, slot), card('2026-03-02T05:59:59Z')],             'past_due until 2026-03-02: card_expired'],
  ['in grace, a lost card comes before a wish',                        [asked('2026-03-01T00:00:00Z'), declined(D, 2, slot), card('2026-03-01T12:00:00Z')], 'past_due until 2026-03-02: card_expired'],
  ['a decline after the card was lost pulls the end forward',          [card('2026-02-28T06:00:01Z'), declined(D, 2, '2026-02-28T06:00:05Z')], 'past_due until 2026-03-01: card_expired'],
  ['an attempt in flight succeeds: the end waits for the next date',   [declined(D, 2, slot), card('2026-03-01T12:00:00Z'), succeeded(D, 4, '2026-03-01T12:01:00Z')], 'active until 2026-03-31: card_expired'],
  ['a success in grace makes it active again',                         [declined(D, 2, slot), succeeded(D, 4, '2026-03-03T06:00:00Z')],  'active'],
  ['a success that overtook its decline wins',                         [succeeded(D, 4, '2026-03-03T06:00:00Z'), declined(D, 2, '2026-03-03T06:00:01Z')], 'active'],
  ['a late word about an older payment changes nothing',               [declined('2026-03-31', 2, '2026-03-31T05:00:00Z'), succeeded(D, 9, '2026-03-31T05:00:01Z')], 'past_due'],
  ['a later payment’s success closes an older one',                    [declined(D, 2, slot), succeeded('2026-03-31', 2, '2026-03-31T05:00:00Z')], 'active'],
  ['the last decline terminates it',                                   [declined(D, 2, slot), exhausted],                                'terminated: payment_exhausted'],
  ['the last decline terminates it also after a newer word',           [succeeded(D, 9, slot), exhausted],                               'terminated: payment_exhausted'],
  ['a success after the end does not revive it',                       [exhausted, succeeded(D, 9, '2026-03-06T06:00:00Z')],             'terminated: payment_exhausted'],
  ['a skipped cycle ends it for the scheduled reason',                 [asked('2026-02-10T00:00:00Z'), skipped('cancellation_due')],     'cancelled: customer_request'],
  ['a skipped cycle ends it for the card’s reason',                    [card('2026-02-10T00:00:00Z', 'cancelled'), skipped('cancellation_due')], 'cancelled: card_cancelled'],
  ['a cycle skipped before word of the card came',                     [skipped('card_expired')],                                        'cancelled: card_expired'],
  ['a cycle skipped although the wish was taken back meanwhile',       [skipped('cancellation_due')],                                    'cancelled: customer_request'],
  // Simulation, seeds 264 and 49.
  ['a cycle skipped before the card was lost',                         [card('2026-04-01T00:00:00Z'), skipped('cancellation_due')],      'cancelled: customer_request'],
  ['a cycle skipped for the card before the date of a wish',           [declined(D, 2, slot), asked('2026-03-01T12:00:00Z'), skipped('card_expired', '2026-03-02T06:00:01Z')], 'cancelled: card_expired'],
])('%s', (_, steps, expected) => {
  expect(outlook(live(steps).end)).toBe(expected);
});

// biome-ignore format: a table
test.each<[string, Step[], string[]]>([
  ['a wish is told once',                            [asked('2026-02-10T00:00:00Z'), asked('2026-02-11T00:00:00Z')],  ['2 scheduled wish on 2026-02-28']],
  ['a wish taken back is told',                      [asked('2026-02-10T00:00:00Z'), takeBackCancellation],           ['2 scheduled wish on 2026-02-28', '3 revoked wish']],
  ['a card behind an earlier wish is not told',      [asked('2026-02-10T00:00:00Z'), card('2026-02-11T00:00:00Z')],   ['2 scheduled wish on 2026-02-28']],
  ['it is told when the wish is taken back',         [asked('2026-02-10T00:00:00Z'), card('2026-02-11T00:00:00Z'), takeBackCancellation], ['2 scheduled wish on 2026-02-28', '4 revoked wish', '5 scheduled card on 2026-02-28']],
  ['a wish takes the card’s place',                  [card('2026-02-10T00:00:00Z'), asked('2026-02-11T00:00:00Z')],   ['2 scheduled card on 2026-02-28', '3 revoked card', '4 scheduled wish on 2026-02-28']],
  ['a date that moves is told under the same id',    [declined(D, 2, slot), card('2026-03-01T12:00:00Z'), succeeded(D, 4, '2026-03-01T12:01:00Z')], ['3 scheduled card on 2026-03-02', '4 scheduled card on 2026-03-31']],
  ['news of payments are only remembered',           [succeeded(D, 2, slot), succeeded('2026-03-31', 2, slot), now],   ['2 ended cancelled']],
  ['the end is told, not the revocations before it', [card('2026-02-10T00:00:00Z'), exhausted],                       ['2 scheduled card on 2026-02-28', '3 ended terminated']],
])('%s', (_, steps, expected) => {
  const told = live(steps).told.map(({ type, version, data }) => {
    const word = type.replace('subscriptions.', '').replace('cancellation-', '');
    const facts = data as { cancellationId?: string; on?: string; status?: string };
    const end = [facts.status ?? facts.cancellationId, ...(facts.on ? ['on', facts.on] : [])];
    return `${version} ${word.replace('.v1', '').replace('subscription-', '')} ${end.join(' ')}`;
  });
  expect(told).toEqual(expected);
});
