import type { Tooth } from '../src/teeth/tooth';

const CONSUMER = 'packages/messaging/src/consumer.ts';
const SETTLE = 'services/billing/src/engine/settle.ts';

/** Messages that are lost, come too early, or overtake each other. */
export const telling: readonly Tooth[] = [
  {
    name: 'announced-after-the-commit',
    story:
      'What happened is committed first and told after: a crash in between, and nobody hears of it.',
    edits: [
      {
        file: SETTLE,
        find: `
  await context.db.transaction(async (tx) => {
    const moment`,
        replace: `
  const told = await context.db.transaction(async (tx) => {
    const moment`,
      },
      {
        file: SETTLE,
        find: `
    await announce(await accounts.save(moment, context.ids), tx);
  });`,
        replace: `
    return accounts.save(moment, context.ids);
  });
  await context.db.transaction((tx) => announce(told, tx));`,
      },
    ],
  },
  {
    name: 'published-within-the-transaction',
    story: 'A message goes straight to the broker before the commit: told of what was rolled back.',
    edits: [
      {
        file: 'packages/messaging/src/messaging.ts',
        find: "import { writeOutbox } from './dispatch';",
        replace: "import { envelopeOf } from './envelope';",
      },
      {
        file: 'packages/messaging/src/messaging.ts',
        find: 'write: (announcements, tx) => writeOutbox(announcements, shared, tx),',
        replace: `write: async (announcements) => {
      const envelopes = announcements.map((announcement) => envelopeOf(announcement, shared));
      const outgoing = envelopes.map((envelope) => {
        const { id, type, time, correlationid: correlationId } = envelope;
        const { listeners = [] } = messages.find((one) => one.type === type) ?? {};
        return { id, type, time, correlationId, body: JSON.stringify(envelope), listeners };
      });
      // A transaction does not wait for a broker.
      transport.publish(service, outgoing).catch(() => {});
    },`,
      },
    ],
  },
  {
    name: 'unconfirmed-taken-for-sent',
    story: 'A message is marked as sent although the broker did not confirm it.',
    edits: [
      {
        file: 'packages/messaging/src/relay.ts',
        find: "const sent = tried.filter(({ outcome }) => outcome === 'sent')",
        replace:
          "const sent = tried.filter(({ outcome }) => outcome === 'sent' || outcome === 'later')",
      },
    ],
  },
  {
    name: 'relay-lease-without-end',
    story: 'The lock of the relay has no expiry: after a crash nothing is sent any more.',
    edits: [
      {
        file: 'packages/messaging/src/store-lease.ts',
        find: 'if (taken && before.holder !== null && before.leftMs > 0) return null;',
        replace: 'if (taken && before.holder !== null) return null;',
      },
    ],
  },
  {
    name: 'acknowledged-before-handled',
    story: 'A message is acknowledged when it arrives: a crash before the commit loses it.',
    edits: [
      {
        file: CONSUMER,
        find: 'if (readable.length > 0) await this.#untilDone(() => this.#handle(firstOfEach(readable)));',
        replace: `if (readable.length > 0) {
      this.#untilDone(() => this.#handle(firstOfEach(readable))).catch(() => {});
    }`,
      },
    ],
  },
  {
    name: 'failed-message-dropped',
    story: 'A message that cannot be handled is logged and dropped.',
    edits: [
      {
        file: CONSUMER,
        find: 'if (messages.length === 1 && only) return this.#fail(only, error);',
        replace: 'if (messages.length === 1 && only) return;',
      },
    ],
  },
  {
    name: 'stale-payment-news-win',
    story:
      'The news that comes last counts, not the newest: a decline that was overtaken by its success.',
    edits: [
      {
        file: 'services/subscriptions/src/domain/collection.ts',
        find: 'return news.paymentId === known.paymentId && news.version > known.version;',
        replace: 'return news.paymentId === known.paymentId;',
      },
    ],
  },
  {
    name: 'key-held-for-ever',
    story: 'A key has no expiry: whose process dies over a request is told for ever to wait.',
    edits: [
      {
        file: 'packages/service/src/http/store-idempotency-keys.ts',
        find: 'const isAbandoned = (row.heldUntilMs ?? 0) <= by.nowMs;',
        replace: 'const isAbandoned = false;',
      },
    ],
  },
  {
    name: 'end-of-past-due-refused',
    story: 'Who owes something may not cancel.',
    edits: [
      {
        file: 'services/subscriptions/src/routes/cancellation.ts',
        find: 'if (!isLive(subscription)) {',
        replace: "if (!isLive(subscription) || subscription.status === 'past_due') {",
      },
    ],
  },
  {
    name: 'stale-cancellation-wins',
    story: 'An old word about a cancellation undoes a newer one that overtook it.',
    edits: [
      {
        file: 'services/billing/src/domain/cancellation.ts',
        find: 'if (notice.version <= schedule.noticeVersion) return account;',
        replace: '',
      },
    ],
  },
  {
    name: 'transition-not-audited',
    story: 'One transition is not in the audit trail: that a payment was declined and waits.',
    edits: [
      {
        file: 'services/billing/src/domain/changes.ts',
        find: '    ...payments.map((change) =>',
        replace:
          "    ...payments.filter(({ after }) => after.status !== 'retrying').map((change) =>",
      },
    ],
  },
];
