import {
  declined,
  HOUR_MS,
  MINUTE_MS,
  notFound,
  notSent,
  OneCustomer,
  pending,
  succeeded,
  unknown,
} from '../../test/one-customer';
import type { Call } from './plan';

const due = () => new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03');
const kinds = ({ calls }: OneCustomer) => calls.map(({ kind }) => kind);

const sameRequest = (call: Call | undefined) => {
  if (!call || !('attempt' in call)) throw new Error('no charge was sent');
  const { idempotencyKey, reference, body } = call.attempt;
  return { idempotencyKey, reference, body };
};

/** Unknown from the first send on, until the enquiry at `when` finds nothing. */
const lostUntil = (when: string) => {
  const customer = due().hears(unknown);
  customer.runsUntil(when, () => unknown);
  return customer.hears(notFound, { by: 'enquiry' }).runs();
};

const waitOf = (customer: OneCustomer) =>
  Date.parse(customer.dueAt ?? '') - Date.parse(customer.now);
const runsNext = (customer: OneCustomer) => customer.on(customer.dueAt ?? 'never').runs();
const told = (customer: OneCustomer) =>
  customer.toldTypes().filter((type) => type.includes('attempt'));

describe('An attempt whose answer is lost', () => {
  test('with the process that asked: asked about a minute later, never sent again on trust', () => {
    const customer = due();
    expect(customer.dueAt).toBe('2026-02-03T06:01:00.000Z');
    expect(kinds(customer.later(59_999).runs())).toEqual(['charge']);
    expect(kinds(customer.later(1).runs())).toEqual(['charge', 'enquire']);
    expect(customer.payment.attempts).toHaveLength(1);
  });

  test('is asked about by one at a time', () => {
    const customer = due().hears(unknown).later(30_000).runs().runs();
    expect(kinds(customer)).toEqual(['charge', 'enquire']);
  });

  test('never has another beside it, whatever falls due', () => {
    const customer = due().hears(unknown);
    customer.runsUntil('2026-04-10', () => unknown);
    expect(kinds(customer).filter((kind) => kind === 'charge')).toHaveLength(1);
    expect(customer.charges).toHaveLength(1);
  });

  test.each(['response', 'enquiry', 'reconciliation'] as const)(
    'and that turns out pending by %s is asked about after 10 minutes, and more seldom then',
    (by) => {
      const customer = due().hears(unknown).later(30_000).runs().hears(pending, { by });
      expect(customer.lastAttempt.status).toBe('pending');
      expect(waitOf(customer)).toBe(10 * MINUTE_MS);
      customer
        .later(10 * MINUTE_MS)
        .runs()
        .hears(pending, { by: 'enquiry' });
      expect(waitOf(customer)).toBe(HOUR_MS);
    },
  );

  test('and whose enquiry is lost as well goes up the ladder, pending or not', () => {
    const customer = due()
      .hears(pending)
      .later(10 * MINUTE_MS)
      .runs()
      .hears(unknown, { by: 'enquiry' });
    expect(customer.lastAttempt.status).toBe('pending');
    expect(customer.dueAt).toBe('2026-02-03T07:10:00.000Z');
  });

  test('and whose enquiry could not be sent is still unknown, not unsent', () => {
    const customer = due().hears(unknown).later(30_000).runs().hears(notSent, { by: 'enquiry' });
    expect(customer.lastAttempt.status).toBe('unknown');
    expect(kinds(customer.later(2 * MINUTE_MS).runs())).toEqual(['charge', 'enquire', 'enquire']);
  });
});

describe('An operator is told after 24 hours', () => {
  test.each([
    ['unknown', unknown, 0],
    ['pending', pending, 0],
    ['unknown, and was not sent for an hour', unknown, 2],
  ] as const)('to the moment: %s', (_, answer, timesNotSent) => {
    const customer = due();
    for (let n = 0; n < timesNotSent; n += 1) runsNext(customer.hears(notSent));
    customer.hears(answer);
    const asked: string[] = [];
    while (customer.discrepancies.length === 0) {
      asked.push(runsNext(customer).now);
      customer.hears(answer, { by: 'enquiry' });
    }
    expect(asked.at(-1)).toBe('2026-02-04T06:00:00.000Z');
    expect(customer.discrepancies).toEqual(['unknown_outcome']);
    expect(waitOf(customer)).toBe(6 * HOUR_MS);
  });

  test.each([
    ['unknown', unknown, 24 * HOUR_MS - 1, []],
    ['unknown', unknown, 24 * HOUR_MS, ['unknown_outcome']],
    ['pending', pending, 24 * HOUR_MS - 1, []],
    ['pending', pending, 24 * HOUR_MS, ['unknown_outcome']],
  ] as const)('%s', (_, answer, ms, told) => {
    const customer = due().hears(answer).later(ms).hears(answer, { by: 'enquiry' });
    expect(customer.discrepancies).toEqual(told);
  });

  test('about each attempt once, and the enquiries go on', () => {
    const customer = due().hears(unknown);
    customer.runsUntil('2026-02-10', () => unknown);
    expect(
      new Set(customer.account.discrepancies.map(({ kind, about }) => `${kind} ${about}`)).size,
    ).toBe(1);
    expect(customer.dueAt).not.toBeNull();
  });
});

describe('Within the life of its key', () => {
  test.each([
    ['long before its end', '2026-02-03T13:12:30.000Z'],
    ['shortly before its end', '2026-02-04T05:58:59.999Z'],
  ])('what is found nowhere is sent again with the same key and body: %s', (_, when) => {
    const customer = lostUntil(when);
    const [first, again] = customer.calls.filter(({ kind }) => kind === 'charge');
    expect(customer.payment.attempts).toHaveLength(1);
    expect(again).toMatchObject({ attempt: { ...sameRequest(first), sends: 2 } });
  });

  test('a send that arrived and one that did not: the key is as old as the first', () => {
    const customer = lostUntil('2026-02-03T13:12:30.000Z').hears(notSent);
    expect(customer.lastAttempt.firstSentAt).toBe('2026-02-03T06:00:00.000Z');
    customer.runsUntil('2026-02-04T07:00:00.000Z', () => notSent);
    expect(kinds(customer).at(-1)).toBe('enquire');
    expect(customer.lastAttempt.status).toBe('not_sent');
    runsNext(customer).hears(notFound, { by: 'enquiry' });
    expect(customer.lastAttempt).toMatchObject({ status: 'not_sent', nextActionAt: null });
    expect(customer.payment.nextAttemptAt).toBe('2026-02-05T06:00:00.000Z');
  });
});

describe('What was turned away', () => {
  const turnedAway = { outcome: 'not_sent', detail: '503', waitMs: null, arrived: true } as const;
  const ARRIVED = '2026-02-03T06:00:00.000Z';

  test.each([
    ['and never arrived, has a key that does not age', [notSent, notSent], null],
    ['and arrived, has a key that lives from then', [turnedAway], ARRIVED],
    ['and arrived once, has a key that lives from then', [turnedAway, notSent, notSent], ARRIVED],
    [
      'and arrived at the second send, has a key that lives from that',
      [notSent, turnedAway, notSent],
      '2026-02-03T06:00:30.000Z',
    ],
  ])('%s', (_, answers, firstSentAt) => {
    const customer = due();
    for (const [n, answer] of answers.entries()) {
      if (n > 0) runsNext(customer);
      customer.hears(answer);
    }
    expect(customer.lastAttempt).toMatchObject({ status: 'not_sent', firstSentAt });
  });

  const untilKeyIsOver = (answer: typeof turnedAway | typeof notSent) => {
    const customer = due().hears(answer);
    customer.runsUntil('2026-02-04T05:59:00.000Z', () => answer);
    return runsNext(customer);
  };

  test('for a day without ever arriving is simply sent again', () => {
    const customer = untilKeyIsOver(notSent);
    expect(kinds(customer).at(-1)).toBe('charge');
    expect(customer.paid().attempts).toEqual(['2026-02-03 attempt 1: succeeded']);
  });

  test('for a day after it arrived is asked about, and not sent before that is answered', () => {
    const customer = untilKeyIsOver(turnedAway);
    for (const answer of [unknown, turnedAway, unknown]) {
      expect(kinds(customer).at(-1)).toBe('enquire');
      runsNext(customer.hears(answer, { by: 'enquiry' }));
    }
    expect(customer.payment).toMatchObject({ status: 'scheduled', attempts: [{ number: 1 }] });
    expect(told(customer)).toEqual([]);
    customer.hears(notFound, { by: 'enquiry' });
    expect(customer.lastAttempt).toMatchObject({ status: 'not_sent', nextActionAt: null });
    customer.runsOn('2026-02-05').paid();
    expect(customer.attempts).toEqual([
      '2026-02-03 attempt 1: not_sent',
      '2026-02-05 attempt 2: succeeded',
    ]);
  });

  test('for a day after it arrived, and was charged all the same: that is the payment', () => {
    const customer = untilKeyIsOver(turnedAway).paid('enquiry');
    expect(customer.charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
  });

  test.each([
    ['the card', 'pm_2', {}],
    ['the provider', 'bor_1', { provider: 'borealis' }],
  ])('past the life of its key, with %s replaced since: asked about first', (_, card, more) => {
    const customer = untilKeyIsOver(turnedAway);
    runsNext(customer.hears(unknown, { by: 'enquiry' }).takesCard(card, more));
    expect(customer.calls.at(-1)).toMatchObject({ kind: 'enquire', attempt: { number: 1 } });
    customer.hears(notFound, { by: 'enquiry' }).runsOn('2026-02-05');
    expect(JSON.parse(customer.lastAttempt.body)).toMatchObject({ paymentMethod: card });
  });

  test('past the life of its key, with the card lost since: no other key is used, so nobody is asked', () => {
    const customer = untilKeyIsOver(turnedAway).hears(unknown, { by: 'enquiry' }).losesCard();
    const asked = customer.calls.length;
    expect(runsNext(customer).calls).toHaveLength(asked);
    expect(customer.state('s')).toBe('card_expired');
  });
});

describe('After the life of its key', () => {
  test.each([
    ['the moment it ends', '2026-02-04T05:59:00.000Z', '2026-02-04T06:00:00.000Z'],
    ['a moment before the slot', '2026-02-05T05:59:59.999Z', '2026-02-05T06:00:00.000Z'],
    ['at the slot', '2026-02-05T06:00:00.000Z', '2026-02-06T06:00:00.000Z'],
    ['later that day', '2026-02-04T23:59:59.999Z', '2026-02-05T06:00:00.000Z'],
    ['in the night after', '2026-02-05T00:00:00.000Z', '2026-02-05T06:00:00.000Z'],
  ])(
    'what is found nowhere was never charged: a new key at the next daily slot, %s',
    (_, when, slot) => {
      const customer = lostUntil(when);
      const { idempotencyKey } = customer.lastAttempt;
      expect(customer.lastAttempt).toMatchObject({
        status: 'not_sent',
        sends: 1,
        nextActionAt: null,
      });
      expect(customer.payment).toMatchObject({ status: 'scheduled', nextAttemptAt: slot });
      customer.on(slot).runs();
      expect(customer.payment.attempts).toHaveLength(2);
      expect(customer.lastAttempt.idempotencyKey).not.toBe(idempotencyKey);
      expect(customer.paid().charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
    },
  );

  test('it is only enquired about, never sent', () => {
    const customer = due().hears(unknown);
    customer.runsUntil('2026-02-20', () => unknown);
    expect(new Set(kinds(customer).slice(1))).toEqual(new Set(['enquire']));
  });

  test('a success told of after all is the money; the newer attempt is refunded if it took it too', () => {
    const customer = lostUntil('2026-02-04T12:00:00.000Z').runsOn('2026-02-05');
    const [first] = customer.payment.attempts;
    if (!first) throw new Error('no first attempt');
    customer.hears(succeeded, { attempt: first, by: 'webhook' });
    expect(customer.payment.status).toBe('succeeded');
    customer.paid('webhook');
    expect(customer.moneyBack).toEqual(['automatic 1000 duplicate for the payment']);
    expect(customer.discrepancies).toContain('duplicate_charge');
  });
});

describe('A decline told of after all, while a newer attempt is under way', () => {
  const newer = () => {
    const customer = lostUntil('2026-02-07T12:00:00.000Z').runsOn('2026-02-08').hears(pending);
    const [first] = customer.payment.attempts;
    if (!first) throw new Error('no first attempt');
    return customer.on('2026-02-09').hears(declined(), { attempt: first, by: 'webhook' });
  };

  test('terminates nobody and starts no third', () => {
    const customer = newer();
    expect(customer.state('s')).toBe('live');
    expect(customer.payment).toMatchObject({ status: 'processing', nextAttemptAt: null });
    expect(customer.attempts).toEqual([
      '2026-02-03 attempt 1: declined',
      '2026-02-08 attempt 2: pending',
    ]);
  });

  test('leaves it to the newer one', () => {
    expect(newer().paid('webhook').charges).toEqual(['2026-02-03 s1 1000 GBP succeeded']);
  });
});
