import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@perennial/logger';
import { type Channel, type ChannelModel, connect } from 'amqplib';

export interface LinkOptions<C extends Channel> {
  readonly url: string;
  /** Shown by the broker. */
  readonly name: string;
  readonly logger: Logger;
  /** Opens the channel on a new connection. */
  open(connection: ChannelModel): Promise<C>;
  /** Makes a new channel ready for use; when it throws, all is begun again. */
  setUp(channel: C): Promise<void>;
}

interface Session<C extends Channel> {
  readonly connection: ChannelModel;
  readonly channel: C;
  readonly lost: Promise<void>;
  /** Says that it is lost, of a connection that is silent. */
  readonly giveUp: () => void;
}

const CONNECT_MS = 10_000;
const CLOSE_MS = 2_000;
const HEARTBEAT_SECONDS = 10;
const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;

/** Refused by the broker, which will not change its mind: rights, virtual host, arguments of a queue. */
const PERMANENT = new Set([403, 406, 530]);

/**
 * One connection with one channel. When either is lost, both are made anew, after a growing delay:
 * a channel cannot be revived, and nothing of an old one is valid on the next.
 */
export class Link<C extends Channel> {
  #session: Session<C> | null = null;
  #blocked = false;
  #keeping: Promise<void> = Promise.resolve();
  readonly #stopping = new AbortController();

  constructor(private readonly options: LinkOptions<C>) {}

  /** Null while there is none, or the broker takes nothing on it. */
  get channel(): C | null {
    return this.#blocked ? null : (this.#session?.channel ?? null);
  }

  get connection(): ChannelModel | null {
    return this.#session?.connection ?? null;
  }

  /** Tries once, and goes on trying in the background. Throws what no trying will mend. */
  async start(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      if (isPermanent(error)) throw error;
      this.#warn(error, 'cannot reach the broker; trying again');
    }
    this.#keeping = this.#keep();
  }

  /** Something is wrong with it: make another, without waiting for what this one has to say. */
  drop(): void {
    const session = this.#session;
    this.#session = null;
    session?.giveUp();
    if (session) void close(session.connection);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const session = this.#session;
    if (session) {
      const closed = closeInOrder(session.channel, session.connection);
      await Promise.race([closed, sleep(CLOSE_MS, null, { ref: false })]);
    }
    this.drop();
    await this.#keeping;
  }

  async #keep(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      const session = this.#session;
      if (session) {
        await session.lost;
        if (this.#session === session) this.#session = null;
        failures = 0;
      }
      await sleep(delayMs(failures), null, { signal }).catch(() => {});
      if (signal.aborted) return;
      await this.#connect().catch((error) => {
        this.#warn(error, 'cannot reach the broker; trying again');
      });
    }
  }

  async #connect(): Promise<void> {
    const { url, name, open, setUp } = this.options;
    const connection = await connect(withHeartbeat(url), {
      noDelay: true,
      timeout: CONNECT_MS,
      clientProperties: { connection_name: name },
    });
    let giveUp = () => {};
    const lost = new Promise<void>((resolve) => {
      giveUp = resolve;
      connection.on('close', () => resolve());
    });
    this.#watch(connection);
    try {
      const channel = await within(CONNECT_MS, lost, async () => {
        const opened = await open(connection);
        opened.on('error', (error) => this.#warn(error, 'the broker has closed a channel'));
        opened.on('close', () => void close(connection));
        await setUp(opened);
        return opened;
      });
      this.#stopping.signal.throwIfAborted();
      this.#session = { connection, channel, lost, giveUp };
    } catch (error) {
      void close(connection);
      throw error;
    }
  }

  #watch(connection: ChannelModel): void {
    this.#blocked = false;
    connection.on('blocked', (reason) => {
      this.#blocked = true;
      this.options.logger.warn({ reason }, 'the broker takes nothing at present');
    });
    connection.on('unblocked', () => {
      this.#blocked = false;
    });
    connection.on('error', (error) => this.#warn(error, 'the connection to the broker broke'));
  }

  #warn(error: unknown, text: string): void {
    this.options.logger.warn({ err: error, link: this.options.name }, text);
  }
}

/** The closing of a connection overtakes what its channel still has to send: the last acks. */
async function closeInOrder(channel: Channel, connection: ChannelModel): Promise<void> {
  await channel.close().catch(() => {});
  await close(connection);
}

/** Does not wait for a peer that may be silent, and does not mind when it is closed already. */
function close(connection: ChannelModel): Promise<void> {
  return Promise.resolve()
    .then(() => connection.close())
    .catch(() => {});
}

/** A socket that dies in the middle of setting up must not leave it hanging. */
async function within<T>(ms: number, lost: Promise<void>, work: () => Promise<T>): Promise<T> {
  const timer = new AbortController();
  const never = (reason: string) => (): never => {
    throw new Error(reason);
  };
  const late = sleep(ms, null, { signal: timer.signal }).then(never(`not set up within ${ms} ms`));
  const broken = lost.then(never('the connection was lost while it was set up'));
  const working = work();
  for (const loser of [late, broken, working]) loser.catch(() => {});
  try {
    return await Promise.race([working, late, broken]);
  } finally {
    timer.abort();
  }
}

/** With jitter, so that a restarted broker does not meet everybody at once. */
function delayMs(failures: number): number {
  const full = Math.min(FIRST_DELAY_MS * 2 ** failures, LONGEST_DELAY_MS);
  return full * (0.5 + Math.random() / 2);
}

function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) {
    parsed.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  }
  return parsed.toString();
}

function isPermanent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && PERMANENT.has(Number(error.code));
}
