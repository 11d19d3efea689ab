import { localDate } from '@perennial/calendar';
import {
  declined,
  HOUR_MS,
  notFound,
  notSent,
  OneCustomer,
  pending,
  rules,
  succeeded,
  unknown,
} from '../../test/one-customer';

const due = () => new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');
const turnedAway = { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true } as const;
const byWebhook = { by: 'webhook' } as const;
const byEnquiry = { by: 'enquiry' } as const;
type Step = (customer: OneCustomer) => OneCustomer;

/** Where a charge is when something is heard of the card, and what becomes of the charge then. */
const moments = {
  'a moment before charge time': [
    () => new OneCustomer().buys('s', { on: '2026-01-03' }).on('2026-02-03T05:59:59.999Z'),
    (customer) => customer,
  ],
  'on its way, then paid': [due, (customer) => customer.paid()],
  'on its way, then declined': [due, (customer) => customer.declined()],
  'on its way, then not sent': [due, (customer) => customer.hears(notSent)],
  'unknown, then paid': [() => due().hears(unknown), (customer) => customer.paid('webhook')],
  'unknown, then declined': [
    () => due().hears(unknown),
    (customer) => customer.hears(declined(), byEnquiry),
  ],
  'unknown, then found nowhere': [
    () => due().hears(unknown),
    (customer) => customer.later(HOUR_MS).runs().hears(notFound, byEnquiry),
  ],
  'pending, then paid': [() => due().hears(pending), (customer) => customer.paid('webhook')],
  'pending, then declined': [
    () => due().hears(pending),
    (customer) => customer.hears(declined(), byWebhook),
  ],
  'not sent, waiting': [() => due().hears(notSent), (customer) => customer],
  'turned away, waiting': [() => due().hears(turnedAway), (customer) => customer],
  'given up, waiting for the next slot': [
    () =>
      due()
        .hears(unknown)
        .later(25 * HOUR_MS)
        .runs()
        .hears(notFound, byEnquiry),
    (customer) => customer,
  ],
  'declined, a second before the retry': [
    () => due().declined().on('2026-02-04T05:59:59.000Z'),
    (customer) => customer,
  ],
  'paid, in the month between': [() => due().paid(), (customer) => customer],
} satisfies Record<string, [before: () => OneCustomer, then: Step]>;
type Moment = keyof typeof moments;

const elsewhere = { provider: 'borealis' } as const;
const heard = {
  lost: (customer) => customer.losesCard(),
  'lost, then replaced': (customer) => customer.losesCard().takesCard('pm_2'),
  'replaced, then lost: a late word about the old one': (customer) =>
    customer.takesCard('pm_2').losesCard(),
  'lost, then replaced at another provider': (customer) =>
    customer.losesCard().takesCard('ct_1', elsewhere),
  'replaced by one that is lost as well': (customer) =>
    customer.losesCard().takesCard('pm_2').losesCard('cancelled', 'pm_2'),
  'replaced by one that was known to be lost': (customer) =>
    customer.takesCard('pm_2', { unavailable: 'cancelled' }),
} satisfies Record<string, Step>;
type Heard = keyof typeof heard;

/** All that is charged from then on succeeds. Attempts and end until April. */
const CHARGED = '02-03 pm_1 succeeded';
const good = (...attempts: string[]) => [...attempts, 'live'].join(', ');
const lost = (...attempts: string[]) => attempts.join(', ');

const both = (first: string, second: (card: string) => string[]): Record<Heard, string> => ({
  lost: '',
  'lost, then replaced': good(first, ...second('pm_2')),
  'replaced, then lost: a late word about the old one': good(first, ...second('pm_2')),
  'lost, then replaced at another provider': good(first, ...second('ct_1')),
  'replaced by one that is lost as well': '',
  'replaced by one that was known to be lost': '',
});
const march = (card: string) => [`03-03 ${card} succeeded`, `04-03 ${card} succeeded`];
const ends = (end: string) => ({
  lost: end.replace('CAUSE', 'card_expired'),
  'replaced by one that is lost as well': end.replace('CAUSE', 'card_cancelled'),
  'replaced by one that was known to be lost': end.replace('CAUSE', 'card_cancelled'),
});

const paid = { ...both(CHARGED, march), ...ends(lost(CHARGED, '03-03 CAUSE')) };
const again = (first: string, on: string, end: string) => ({
  ...both(first, (card) => [`${on} ${card} succeeded`, ...march(card)]),
  ...ends(lost(first, end)),
});
const declinedOnce = again('02-03 pm_1 declined', '02-04', '02-03 CAUSE');
const notSentOnce = again('02-03 pm_1 not_sent', '02-03', '02-03 CAUSE');

const table: Record<Moment, Record<Heard, string>> = {
  'a moment before charge time': {
    'lost, then replaced': good('02-03 pm_2 succeeded', ...march('pm_2')),
    'replaced, then lost: a late word about the old one': good(
      '02-03 pm_2 succeeded',
      ...march('pm_2'),
    ),
    'lost, then replaced at another provider': good('02-03 ct_1 succeeded', ...march('ct_1')),
    ...ends('02-03 CAUSE'),
  },
  'on its way, then paid': paid,
  'on its way, then declined': declinedOnce,
  'on its way, then not sent': notSentOnce,
  'unknown, then paid': paid,
  'unknown, then declined': declinedOnce,
  'unknown, then found nowhere': notSentOnce,
  'pending, then paid': paid,
  'pending, then declined': declinedOnce,
  'not sent, waiting': notSentOnce,
  'turned away, waiting': notSentOnce,
  'given up, waiting for the next slot': again('02-03 pm_1 not_sent', '02-05', '02-05 CAUSE'),
  'declined, a second before the retry': again('02-03 pm_1 declined', '02-04', '02-04 CAUSE'),
  'paid, in the month between': paid,
};

const cases = Object.entries(table).flatMap(([moment, row]) =>
  Object.entries(row).map(([word, end]) => [moment as Moment, word as Heard, end] as const),
);

describe('A word about the card, at every moment of a charge', () => {
  test.each(cases)('%s, the card is %s: %s', (moment, word, expected) => {
    const [before, then] = moments[moment];
    const customer = then(heard[word](before()));
    customer.runsUntil('2026-04-10', () => succeeded);
    expect(storyOf(customer)).toBe(expected);
  });

  test.each(cases)('%s, the card is %s: no attempt starts with a lost card', (moment, word) => {
    const [before, then] = moments[moment];
    const customer = heard[word](before());
    const known = new Set(customer.calls);
    const unavailable = new Set(['pm_1']);
    if (word.startsWith('replaced by')) unavailable.add('pm_2');
    then(customer).runsUntil('2026-04-10', () => succeeded);
    const sent = customer.calls.filter((call) => call.kind === 'charge' && !known.has(call));
    const cards = sent.map((call) => 'attempt' in call && cardOf(call.attempt.body));
    expect(cards.filter((card) => typeof card === 'string' && unavailable.has(card))).toEqual([]);
  });
});

const cardOf = (body: string): string => JSON.parse(body).paymentMethod;
const dayOf = (instant: Parameters<typeof localDate>[0]) =>
  localDate(instant, rules.time.zone).slice(5);

function storyOf({ account }: OneCustomer): string {
  const attempts = account.payments
    .flatMap((payment) => payment.attempts)
    .map(({ startedAt, body, status }) => `${dayOf(startedAt)} ${cardOf(body)} ${status}`);
  const ended = account.schedules.map((schedule) =>
    schedule.state === 'ended' ? `${dayOf(schedule.end.at)} ${schedule.end.cause}` : schedule.state,
  );
  return [...attempts, ...ended].join(', ');
}
