import { z } from 'zod';

const SERVERS = ['mariadb', 'rabbitmq'] as const;
export type ServerName = (typeof SERVERS)[number];

const Done = z.object({ id: z.number(), error: z.string().nullable() });

/** The servers belong to whoever started us, who kills and starts them at our word. */
export class Servers {
  /** Those that may be killed. */
  readonly ours: readonly ServerName[];
  private lastId = 0;
  private readonly waiting = new Map<number, (error: string | null) => void>();

  constructor(kills: string) {
    this.ours = SERVERS.filter((name) => kills.split(',').includes(name));
    process.on('message', (message) => {
      const done = Done.safeParse(message);
      if (done.success) this.waiting.get(done.data.id)?.(done.data.error);
    });
  }

  kill(server: ServerName): Promise<void> {
    return this.order(server, 'kill');
  }

  /** Resolves when it answers again. */
  start(server: ServerName): Promise<void> {
    return this.order(server, 'start');
  }

  private order(server: ServerName, what: 'kill' | 'start'): Promise<void> {
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (error) => {
        this.waiting.delete(id);
        if (error === null) resolve();
        else reject(new Error(`${server} could not be brought to ${what}: ${error}`));
      });
      process.send?.({ id, server, what });
    });
  }
}
