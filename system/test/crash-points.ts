import type { Database, Tx } from '@perennial/database';
import type { Transport } from '@perennial/messaging';
import type { HttpClient, Ports } from '@perennial/service';

/** Between any two steps of a charge. */
export const CRASH_POINTS = [
  'before the attempt is committed',
  'after the attempt is committed',
  'while the provider is charging',
  'after the answer',
  'before the outcome is committed',
  'after the outcome is committed',
  'after publishing, before the outbox is emptied',
  'before the webhook is handled',
  'after the webhook is handled, before its ack',
] as const;
export type CrashPoint = (typeof CRASH_POINTS)[number];

const SENT_MS = 60;

/** Ports of a process that kills itself, as SIGKILL does, when it comes to that point. */
export function crashingAt(point: CrashPoint, ports: Ports): Ports {
  const reach = (here: CrashPoint) => {
    if (here === point) process.kill(process.pid, 'SIGKILL');
  };
  return {
    ...ports,
    db: crashingDatabase(ports.db, reach),
    http: crashingHttp(ports.http, reach),
    transport: crashingTransport(ports.transport, reach),
  };
}

type Reach = (here: CrashPoint) => void;

function crashingDatabase(db: Database, reach: Reach): Database {
  return {
    dialect: db.dialect,
    onCommit: (listener) => db.onCommit(listener),
    ping: () => db.ping(),
    close: () => db.close(),
    transaction: async (work) => {
      let wrote: 'attempt' | 'outcome' | null = null;
      const result = await db.transaction(async (tx) => {
        const value = await work(
          watched(tx, (what) => {
            wrote = what;
          }),
        );
        if (wrote === 'attempt') reach('before the attempt is committed');
        if (wrote === 'outcome') reach('before the outcome is committed');
        return value;
      });
      if (wrote === 'attempt') reach('after the attempt is committed');
      if (wrote === 'outcome') reach('after the outcome is committed');
      return result;
    },
  };
}

/** A new attempt is inserted; an outcome updates one. */
function watched(tx: Tx, wrote: (what: 'attempt' | 'outcome') => void): Tx {
  return new Proxy(tx, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => {
        const rows = args.at(name === 'update' ? 2 : 1);
        const written = args[0] === 'attempts' && Array.isArray(rows) && rows.length > 0;
        if (written && name === 'insert') wrote('attempt');
        if (written && name === 'update') wrote('outcome');
        return member.apply(target, args);
      };
    },
  });
}

function crashingHttp(http: HttpClient, reach: Reach): HttpClient {
  return {
    send: async (request) => {
      setTimeout(() => reach('while the provider is charging'), SENT_MS);
      const answer = await http.send(request);
      reach('after the answer');
      return answer;
    },
  };
}

function crashingTransport(transport: Transport, reach: Reach): Transport {
  return {
    publish: async (owner, messages) => {
      const outcomes = await transport.publish(owner, messages);
      if (outcomes.includes('sent')) reach('after publishing, before the outbox is emptied');
      return outcomes;
    },
    subscribe: (subscription) =>
      transport.subscribe({
        ...subscription,
        take: async (bodies) => {
          reach('before the webhook is handled');
          await subscription.take(bodies);
          reach('after the webhook is handled, before its ack');
        },
      }),
    ready: () => transport.ready(),
    close: () => transport.close(),
  };
}
