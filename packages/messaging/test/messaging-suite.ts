import { AttemptResolved } from '@perennial/contracts';
import { type Database, explain } from '@perennial/database';
import {
  createLocalTransport,
  newCause,
  type Outcome,
  type Outgoing,
  type Transport,
} from '../src';
import { envelopeOf } from '../src/envelope';
import { FIRST_DUE } from '../src/store-failed';
import { READ_OUTBOX } from '../src/store-outbox';
import {
  clock,
  countOf,
  hearing,
  ids,
  openPlace,
  type Place,
  placeOf,
  resolved,
  write,
} from './conversation';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** As they come from a carrier. */
function bodiesOf(...announcements: ReturnType<typeof resolved>[]): string[] {
  return announcements.map((announcement) =>
    JSON.stringify(envelopeOf(announcement, { service: 'billing', clock, ids })),
  );
}

async function deliver(bodies: readonly string[], transport: Transport): Promise<void> {
  const { type, listeners } = AttemptResolved;
  const facts = { type, listeners, id: ids(), time: clock.now(), correlationId: ids() };
  await transport.publish(
    'billing',
    bodies.map((body) => ({ ...facts, body })),
  );
}

/** Carries what `outcomeOf` says nothing about. */
function withOutcomes(
  transport: Transport,
  outcomeOf: (message: Outgoing) => Outcome | null,
): Transport {
  return {
    ...transport,
    publish: async (owner, messages) => {
      const outcomes = messages.map(outcomeOf);
      const passed = messages.filter((_, index) => outcomes[index] === null);
      const rest = [...(await transport.publish(owner, passed))];
      return outcomes.map((outcome) => outcome ?? rest.shift() ?? 'later');
    },
  };
}

/** The same database, behind a line that can be cut. */
function behindLine(db: Database) {
  const line = { isCut: false };
  const gone = () => Promise.reject(Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }));
  const far: Database = {
    dialect: db.dialect,
    onCommit: (listener) => db.onCommit(listener),
    ping: () => (line.isCut ? gone() : db.ping()),
    close: () => db.close(),
    transaction: (work) => (line.isCut ? gone() : db.transaction(work)),
  };
  return { line, far };
}

async function epochOf(db: Database): Promise<unknown> {
  const [row] = await db.transaction((tx) => tx.select('SELECT epoch FROM relay_lease'));
  return row?.['epoch'];
}

/** What must hold on each database, whatever carries the messages. */
export function describeMessaging(databaseUrl: () => Promise<string>): void {
  let transport: Transport;
  let subscriptions: Place;
  let billing: Place;
  let places: Place[];
  let statements: string[];
  let reaction: ReturnType<typeof hearing>;
  let react: Parameters<typeof hearing>[0];

  const start = async (...args: Parameters<typeof placeOf>) => {
    const place = placeOf(...args);
    places.push(place);
    await place.messaging.start({ flushedByOthers: () => true });
    return place;
  };
  const failed = async ({ messaging, db }: Place) =>
    db.transaction((tx) => messaging.failed.list({ limit: 100 }, tx));
  const pass = async ({ messaging }: Place, ms: number) => {
    clock.pass(ms);
    for (const timer of messaging.timers) await timer.run();
  };
  const dueAt = ({ messaging }: Place) => messaging.timers[0]?.nextAt();

  beforeEach(async () => {
    transport = createLocalTransport();
    places = [];
    statements = [];
    react = async () => {};
    reaction = hearing((messages, tx) => react?.(messages, tx) ?? Promise.resolve());
    const [ours, theirs] = [
      await openPlace(await databaseUrl(), statements),
      await openPlace(await databaseUrl()),
    ];
    subscriptions = await start('subscriptions', ours, transport, { handlers: [reaction.handler] });
    billing = await start('billing', theirs, transport);
  });
  afterEach(async () => {
    for (const { messaging } of places) await messaging.stop();
    for (const db of new Set(places.map((place) => place.db))) await db.close();
  });

  const send = async (...announcements: ReturnType<typeof resolved>[]) => {
    await write(billing, ...announcements);
    return billing.messaging.flush();
  };

  describe('the outbox', () => {
    test('what is rolled back is never published', async () => {
      const failing = billing.db.transaction(async (tx) => {
        await billing.messaging.write([resolved()], tx);
        throw new Error('half-way');
      });
      await expect(failing).rejects.toThrow('half-way');
      expect(await billing.messaging.flush()).toBe(0);
    });

    test.each([
      ['a field that the contract does not name', { data: { ...resolved().data, email: 'a@b.c' } }],
      ['a field of the wrong kind', { data: { ...resolved().data, paymentId: 7 } }],
      ['a message of another service', { type: 'provider.refund.v1' }],
      ['a message that there is not', { type: 'billing.unheard-of.v1' }],
    ])('refuses %s', async (_, wrong) => {
      await expect(write(billing, { ...resolved(), ...wrong })).rejects.toThrow();
      expect(await countOf(billing.db, 'outbox')).toBe(0);
    });

    test('a producer may name its message, and hears when it is published', async () => {
      const told: string[] = [];
      const db = await openPlace(await databaseUrl());
      const onPublished = async (messageIds: readonly string[]) => void told.push(...messageIds);
      const place = await start('billing', db, transport, { onPublished });
      const id = ids();
      await write(place, { ...resolved(), id });
      await place.messaging.flush();
      expect(told).toEqual([id]);
    });

    test('what onPublished refuses is published again, and handled once', async () => {
      const db = await openPlace(await databaseUrl());
      let tries = 0;
      const onPublished = async () => {
        tries += 1;
        if (tries === 1) throw new Error('killed between confirm and mark');
      };
      const place = await start('billing', db, transport, { onPublished });
      await write(place, resolved());
      await expect(place.messaging.flush()).rejects.toThrow('killed');
      expect(await place.messaging.flush()).toBe(1);
      expect(tries).toBe(2);
      expect(reaction.heard).toHaveLength(1);
    });

    test('messages of one subject arrive in order, one after the other', async () => {
      const subject = ids();
      await send(...Array.from({ length: 7 }, (_, index) => resolved(subject, index + 1)));
      const versions = reaction.heard.map(({ aggregateversion }) => aggregateversion);
      expect(versions).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(reaction.batches).toEqual([1, 1, 1, 1, 1, 1, 1]);
    });

    test('a message that is stuck holds back its subject, and no other', async () => {
      const stuck = ids();
      const refusing = withOutcomes(transport, (message) =>
        message.body.includes(stuck) && message.body.includes('"aggregateversion":2')
          ? 'too-large'
          : null,
      );
      const place = await start('billing', await openPlace(await databaseUrl()), refusing);
      const five = [1, 2, 3, 4, 5].map((version) => resolved(stuck, version));
      await write(place, ...five, resolved());
      expect(await place.messaging.flush()).toBe(2);
      await write(place, resolved(stuck, 6), resolved());
      expect(await place.messaging.flush()).toBe(1);
      const [parked] = await failed(place);
      expect(parked).toMatchObject({ state: 'parked', error: 'not sent: too-large' });
      await place.db.transaction((tx) =>
        place.messaging.failed.discard(parked?.id ?? '', 'shortened by hand', tx),
      );
      expect(await place.messaging.flush()).toBe(4);
      const versions = reaction.heard
        .filter(({ subject }) => subject === stuck)
        .map(({ aggregateversion }) => aggregateversion);
      expect(versions).toEqual([1, 3, 4, 5, 6]);
    });

    test('a retried message of our own goes first, then what waited for it', async () => {
      const subject = ids();
      let closed = true;
      const refusing = withOutcomes(transport, () => (closed ? 'unroutable' : null));
      const place = await start('billing', await openPlace(await databaseUrl()), refusing);
      await write(place, resolved(subject, 1), resolved(subject, 2));
      expect(await place.messaging.flush()).toBe(0);
      closed = false;
      const [waiting] = await failed(place);
      expect(await place.messaging.failed.retry(waiting?.id ?? '')).toBeNull();
      expect(await place.messaging.flush()).toBe(2);
      const versions = reaction.heard.map(({ aggregateversion }) => aggregateversion);
      expect(versions).toEqual([1, 2]);
    });

    test('a thousand messages are read and deleted in a few statements', async () => {
      const sent: string[] = [];
      const db = await openPlace(await databaseUrl(), sent);
      const place = await start('billing', db, transport);
      await write(place, ...Array.from({ length: 1000 }, () => resolved()));
      sent.length = 0;
      expect(await place.messaging.flush()).toBe(1000);
      expect(sent.length).toBeLessThanOrEqual(14);
    });

    test('an empty outbox costs one statement, and wakes nobody', async () => {
      const woken = jest.fn();
      billing.db.onCommit(woken);
      expect(await billing.messaging.flush()).toBe(0);
      expect(woken).not.toHaveBeenCalled();
    });

    test('what cannot be sent now does not wake the relay by itself', async () => {
      const deaf = createLocalTransport();
      const place = await start('billing', await openPlace(await databaseUrl()), deaf);
      await write(place, resolved());
      await place.messaging.flush();
      const woken = jest.fn();
      place.db.onCommit(woken);
      expect(await place.messaging.flush()).toBe(0);
      expect(woken).not.toHaveBeenCalled();
    });
  });

  describe('the lease', () => {
    const slowly = (until: Promise<void>): Transport => ({
      ...transport,
      publish: async (owner, messages) => {
        await until;
        return transport.publish(owner, messages);
      },
    });

    test('only one relay sends, and its peer follows when it stops in good order', async () => {
      const db = await openPlace(await databaseUrl());
      const leader = await start('billing', db, transport);
      await write(leader, resolved());
      await leader.messaging.flush();
      await write(leader, resolved());
      const peer = await start('billing', db, transport, { leaseMs: 100 });
      expect(await peer.messaging.flush()).toBe(0);
      expect(await leader.messaging.flush()).toBe(1);
      await write(leader, resolved());
      await leader.messaging.stop();
      expect(await peer.messaging.flush()).toBe(1);
    });

    test('a leader that slept beyond its lease marks nothing, and its messages are handled once', async () => {
      const db = await openPlace(await databaseUrl());
      let wake = () => {};
      const asleep = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const told: string[] = [];
      const sleeper = await start('billing', db, slowly(asleep), {
        leaseMs: 50,
        onPublished: async () => void told.push('sleeper'),
      });
      const successor = await start('billing', db, transport, {
        leaseMs: 1000,
        onPublished: async () => void told.push('successor'),
      });
      await write(sleeper, resolved());
      const late = sleeper.messaging.flush();
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(await successor.messaging.flush()).toBe(1);
      wake();
      expect(await late).toBe(0);
      expect(told).toEqual(['successor']);
      expect(reaction.heard).toHaveLength(1);
      expect(await epochOf(db)).toBe(2);
    });
  });

  describe('the inbox', () => {
    test('a hundred messages are handled in as many statements as one', async () => {
      await send(resolved());
      statements.length = 0;
      await send(resolved());
      const forOne = statements.length;
      statements.length = 0;
      await send(...Array.from({ length: 100 }, () => resolved()));
      expect(reaction.batches.at(-1)).toBe(100);
      expect(statements.length).toBe(forOne);
    });

    test('a message delivered again, alone or within a batch, has one effect', async () => {
      const bodies = bodiesOf(resolved(), resolved());
      await deliver([...bodies, ...bodies], transport);
      await deliver(bodies, transport);
      await Promise.all([deliver(bodies, transport), deliver(bodies, transport)]);
      expect(reaction.heard).toHaveLength(2);
    });

    test('the same new message on two replicas at the same moment has one effect', async () => {
      const shared = createLocalTransport();
      for (let replica = 0; replica < 3; replica += 1) {
        const options = { handlers: [reaction.handler], batchSize: 3 };
        await start('subscriptions', subscriptions.db, shared, options);
      }
      for (let round = 0; round < 5; round += 1) {
        const bodies = bodiesOf(resolved(), resolved(), resolved());
        await deliver([...bodies, ...bodies.toReversed(), ...bodies], shared);
      }
      expect(reaction.heard).toHaveLength(15);
      expect(await countOf(subscriptions.db, 'failed_messages')).toBe(0);
    });

    test.each([
      ['is not JSON', () => '{"half":', 'not JSON in UTF-8'],
      ['is no envelope', () => '{"id":1}', /^not an envelope: specversion: /],
      [
        'has another major version',
        (body: string) => body.replace('.v1', '.v2'),
        'unknown major version',
      ],
      [
        'is of a type that is not handled',
        (body: string) => body.replace('attempt-resolved', 'x'),
        'nobody here handles this type',
      ],
      [
        'breaks its contract',
        (body: string) => body.replace('"paymentId":"', '"paymentId":"x'),
        'does not fit its contract: paymentId: invalid_format',
      ],
    ])('a message that %s is parked at once', async (_, spoil, error) => {
      const [body] = bodiesOf(resolved());
      const spoiled = [spoil(String(body))];
      await deliver(spoiled, transport);
      await deliver(spoiled, transport);
      const parked = await failed(subscriptions);
      expect(parked).toHaveLength(1);
      expect(parked[0]).toMatchObject({ state: 'parked', nextTryAt: null, attempts: 1 });
      expect(parked[0]?.error).toMatch(error);
      expect(await subscriptions.messaging.failed.retry(parked[0]?.id ?? '')).toMatchObject({
        ...{ state: 'parked', attempts: 2 },
      });
    });

    test('fields that the contract does not name do no harm', async () => {
      const [body] = bodiesOf(resolved());
      const more = JSON.parse(String(body));
      const newer = { ...more, news: 1, data: { ...more.data, news: 1 } };
      await deliver([JSON.stringify(newer)], transport);
      expect(reaction.heard[0]?.data).toEqual(more.data);
    });

    test('is forgotten after a month, by the day', async () => {
      await send(resolved());
      const housekeeping = subscriptions.messaging.timers[1];
      const at = await housekeeping?.nextAt();
      expect(at).toMatch(/T00:00:00\.000Z$/);
      await pass(subscriptions, 29 * 24 * 60 * MINUTE);
      expect(await countOf(subscriptions.db, 'inbox')).toBe(1);
      await pass(subscriptions, 2 * 24 * 60 * MINUTE);
      expect(await countOf(subscriptions.db, 'inbox')).toBe(0);
      expect(await housekeeping?.nextAt()).toBeNull();
    });
  });

  describe('failed messages', () => {
    const broken = async () => {
      react = async () => {
        throw new Error('ada@example.org is not welcome');
      };
      await send(resolved());
      const [message] = await failed(subscriptions);
      if (!message) throw new Error('it has not failed');
      return message;
    };

    test('are tried again after 1 s, 10 s, 1 min, 10 min and 1 h, then parked', async () => {
      await broken();
      for (const delay of [SECOND, 10 * SECOND, MINUTE, 10 * MINUTE, 60 * MINUTE]) {
        const due = await dueAt(subscriptions);
        expect(Date.parse(due ?? '') - Date.parse(clock.now())).toBe(delay);
        const before = await failed(subscriptions);
        await pass(subscriptions, delay - 1);
        expect(await failed(subscriptions)).toEqual(before);
        await pass(subscriptions, 1);
      }
      expect(await dueAt(subscriptions)).toBeNull();
      expect(await failed(subscriptions)).toMatchObject([
        { state: 'parked', attempts: 6, error: 'Error: [e-mail] is not welcome' },
      ]);
    });

    test('one that is handled at last is gone', async () => {
      await broken();
      react = async () => {};
      await pass(subscriptions, SECOND);
      expect(reaction.heard).toHaveLength(1);
      expect(await failed(subscriptions)).toEqual([]);
    });

    test('retried twice at once, it has one effect', async () => {
      const { id } = await broken();
      react = async () => {};
      const { failed: list } = subscriptions.messaging;
      const results = await Promise.all([list.retry(id), list.retry(id)]);
      expect(results).toEqual(expect.arrayContaining([null, undefined]));
      expect(reaction.heard).toHaveLength(1);
    });

    test('discarded, it stays as it is, with the reason', async () => {
      const { id } = await broken();
      const { messaging, db } = subscriptions;
      const discard = () => db.transaction((tx) => messaging.failed.discard(id, 'a test', tx));
      expect(await discard()).toMatchObject({ state: 'discarded', discardReason: 'a test' });
      expect(await discard()).toBeNull();
      expect(await messaging.failed.retry(id)).toBeUndefined();
      expect(await dueAt(subscriptions)).toBeNull();
      expect(await failed(subscriptions)).toEqual([]);
      const kept = await db.transaction((tx) =>
        messaging.failed.list({ state: 'discarded', limit: 9 }, tx),
      );
      expect(kept).toMatchObject([{ id, discardReason: 'a test' }]);
    });

    test('a message delivered again while it waits is not handled beside its retry', async () => {
      const { body } = await broken();
      react = async () => {};
      await deliver([body], transport);
      expect(reaction.heard).toEqual([]);
      expect(await failed(subscriptions)).toHaveLength(1);
    });

    test('are listed newest first, by state and type, page by page', async () => {
      react = async () => {
        throw new Error('no');
      };
      await send(...Array.from({ length: 5 }, () => resolved()));
      const { messaging, db } = subscriptions;
      const list = (filter: object) =>
        db.transaction((tx) => messaging.failed.list({ limit: 2, ...filter }, tx));
      const first = await list({});
      const second = await list({ cursor: first[1]?.id });
      const third = await list({ cursor: second[1]?.id });
      const all = [...first, ...second, ...third].map(({ id }) => id);
      expect(all).toHaveLength(5);
      expect(all).toEqual(all.toSorted().toReversed());
      expect(await list({ type: 'billing.attempt-resolved.v1' })).toHaveLength(2);
      expect(await list({ type: 'another' })).toEqual([]);
      expect(await list({ state: 'parked' })).toEqual([]);
    });
  });

  describe('when the database is gone', () => {
    test('nothing is burnt: messages wait, and are handled when it is back', async () => {
      const { line, far } = behindLine(await openPlace(await databaseUrl()));
      const own = createLocalTransport();
      const waiting = await start('subscriptions', far, own, { handlers: [reaction.handler] });
      line.isCut = true;
      const taking = deliver(bodiesOf(resolved(), resolved()), own);
      await new Promise((resolve) => setTimeout(resolve, 250));
      expect(reaction.heard).toEqual([]);
      line.isCut = false;
      await taking;
      expect(reaction.heard).toHaveLength(2);
      expect(await failed(waiting)).toEqual([]);
    });

    test('a handler that meets it counts for nothing', async () => {
      let meets = 0;
      react = async () => {
        meets += 1;
        if (meets === 1)
          throw Object.assign(new Error('cut'), { code: 'PROTOCOL_CONNECTION_LOST' });
      };
      await send(resolved());
      expect(meets).toBe(2);
      expect(await failed(subscriptions)).toEqual([]);
    });

    test('stopping does not wait for it: the messages are given back', async () => {
      const { line, far } = behindLine(await openPlace(await databaseUrl()));
      const own = createLocalTransport();
      const waiting = await start('subscriptions', far, own, { handlers: [reaction.handler] });
      const sender = await start('billing', await openPlace(await databaseUrl()), own);
      await write(sender, resolved());
      line.isCut = true;
      const flushing = sender.messaging.flush();
      await new Promise((resolve) => setTimeout(resolve, 150));
      await waiting.messaging.stop();
      expect(await flushing).toBe(0);
      expect(await countOf(sender.db, 'outbox')).toBe(1);
    });

    test('nothing is published without it', async () => {
      const { line, far } = behindLine(await openPlace(await databaseUrl()));
      const sender = await start('billing', far, transport);
      await write(sender, resolved());
      line.isCut = true;
      await expect(sender.messaging.flush()).rejects.toThrow('gone');
      line.isCut = false;
      expect(await sender.messaging.flush()).toBe(1);
    });
  });

  test('one trace and an unbroken chain of causes run from message to message', async () => {
    const cause = newCause('operator:ann', 'request:r1', ids);
    await send({ ...resolved(), cause });
    const [message] = reaction.heard;
    expect(message).toMatchObject({ correlationid: cause.correlationId, causationid: null });
    expect(message?.traceparent).toBe(cause.traceparent);
  });

  describe('hot statements read by an index', () => {
    test('the outbox', async () => {
      await write(billing, ...Array.from({ length: 600 }, () => resolved()));
      await billing.db.transaction(async (tx) => {
        const steps = await explain(READ_OUTBOX, { after: 0, limit: 500 }, tx);
        const [outbox] = steps.filter(({ table }) => table === 'outbox');
        expect(outbox).toMatchObject({ index: 'PRIMARY', walks: false, sorts: false });
        for (const { table, index } of steps) {
          if (table !== 'outbox') expect(index).toBe('failed_messages_held');
        }
      });
    });

    test('failed messages that are due', async () => {
      react = async () => {
        throw new Error('no');
      };
      await send(...Array.from({ length: 60 }, () => resolved()));
      await subscriptions.db.transaction(async (tx) => {
        const [step] = await explain(FIRST_DUE, { until: clock.now(), limit: 100 }, tx);
        expect(step).toMatchObject({ index: 'failed_messages_due', walks: false, sorts: false });
      });
    });
  });
}
