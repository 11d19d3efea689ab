import type { Database } from '@perennial/database';
import type { HttpClient } from '@perennial/service';

/** Adds up how long something took, however many of it ran at once. */
export class Stopwatch {
  count = 0;
  totalMs = 0;

  async time<T>(work: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.count += 1;
      this.totalMs += performance.now() - start;
    }
  }
}

export function measuredHttp(http: HttpClient, watch: Stopwatch): HttpClient {
  return { send: (request) => watch.time(() => http.send(request)) };
}

export function measuredDatabase(db: Database, watch: Stopwatch): Database {
  return {
    dialect: db.dialect,
    transaction: (work) => watch.time(() => db.transaction(work)),
    onCommit: (listener) => db.onCommit(listener),
    ping: () => db.ping(),
    close: () => db.close(),
  };
}

/** Statements by what they begin with and the table they are about. */
export class StatementCount {
  private readonly counts = new Map<string, number>();

  readonly count = (sql: string): void => {
    const [, verb = '', table = ''] =
      /^\s*(\w+)[\s\S]*?(?:FROM|INTO|STRAIGHT_JOIN|UPDATE)\s+([a-z_]+)/.exec(sql) ?? [];
    const name = `${verb} ${table}`;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  };

  reset(): void {
    this.counts.clear();
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, one) => sum + one, 0);
  }

  most(limit: number): [string, number][] {
    return [...this.counts].sort(([, a], [, b]) => b - a).slice(0, limit);
  }
}
