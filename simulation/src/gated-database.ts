import type { Database, Tx } from '@perennial/database';
import type { Faults } from './faults';
import type { Replica } from './replica';
import type { Scheduler } from './scheduler';

/** By which a log shows that it speaks of a fault. */
export const BY_FAULT = 'by a simulated fault';

/** That a fault struck, in which step. */
export class Struck extends Error {
  constructor(
    what: string,
    readonly step: number,
  ) {
    super(`${what} ${BY_FAULT}`);
  }
}

/** As the drivers say it. */
class ConnectionLost extends Struck {
  readonly code = 'ECONNRESET';
}

interface Surroundings {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  isDown(): boolean;
  committed(): void;
}

/** One replica's connection to the database that it shares with the others of its service. */
export class GatedDatabase implements Database {
  private readonly listeners = new Set<() => void>();
  private count = 0;

  constructor(
    private readonly shared: Database,
    private readonly replica: Replica,
    private readonly world: Surroundings,
  ) {}

  get dialect() {
    return this.shared.dialect;
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { replica, world } = this;
    if (replica.looking) return this.shared.transaction(work);
    const name = `${replica.service} commit`;
    await replica.border({ name, side: 'before' }, 'killed before commit');
    if (world.isDown()) throw this.lost('the database cannot be reached');
    this.count += 1;
    const occasion = [replica.name, replica.life, this.count] as const;
    const { result, wrote } = await this.once(work, occasion);
    if (!wrote) return result;
    world.committed();
    for (const listener of this.listeners) listener();
    const lost = world.faults.strikes('commit answer lost', ...occasion);
    await replica.border({ name, side: 'after' }, 'killed after commit');
    if (lost) throw this.lost('the connection was lost at the commit');
    return result;
  }

  private async once<T>(work: (tx: Tx) => Promise<T>, occasion: readonly (string | number)[]) {
    const { faults } = this.world;
    if (faults.strikes('deadlock', ...occasion))
      await this.inVain(work, this.struck('deadlock')).catch((error: unknown) => {
        if (!(error instanceof Struck)) throw error;
      });
    const aborted = faults.strikes('transaction aborted', ...occasion);
    if (aborted) await this.inVain(work, this.struck('the transaction was aborted'));
    const lost = faults.strikes('database connection lost', ...occasion);
    if (lost) await this.inVain(work, this.lost('the connection was lost'));
    return this.shared.transaction(async (tx) => ({ result: await work(tx), wrote: tx.wrote }));
  }

  private struck(what: string): Struck {
    return new Struck(what, this.strikes());
  }

  private lost(what: string): ConnectionLost {
    return new ConnectionLost(what, this.strikes());
  }

  private strikes(): number {
    const { steps } = this.world.scheduler;
    this.replica.struckAtStep = steps;
    return steps;
  }

  /** All is done, and rolled back. */
  private inVain(work: (tx: Tx) => Promise<unknown>, error: Error): Promise<never> {
    return this.shared.transaction(async (tx) => {
      await work(tx);
      throw error;
    });
  }

  onCommit(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  ping(): Promise<void> {
    return this.shared.ping();
  }

  async close(): Promise<void> {}
}
