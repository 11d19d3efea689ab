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

export function measuredHttp(http: HttpClient, watch: Stopwatch, busy: Busyness): HttpClient {
  return {
    send: (request) =>
      busy.count(request.method === 'POST', () => watch.time(() => http.send(request))),
  };
}

/** How many calls were under way at once, on average, from the first charge to the beginning of the last. */
export class Busyness {
  private underWay = 0;
  private sinceMs = 0;
  private firstMs: number | null = null;
  private lastMs = 0;
  private sum = 0;
  private sumAtLast = 0;

  async count<T>(isCharge: boolean, work: () => Promise<T>): Promise<T> {
    this.change(1);
    if (isCharge) {
      this.lastMs = this.sinceMs;
      this.sumAtLast = this.sum;
    }
    try {
      return await work();
    } finally {
      this.change(-1);
    }
  }

  get average(): number {
    return this.sumAtLast / Math.max(1, this.lastMs - (this.firstMs ?? 0));
  }

  private change(by: number): void {
    const now = performance.now();
    this.firstMs ??= now;
    this.sum += this.underWay * (now - (this.sinceMs || now));
    this.sinceMs = now;
    this.underWay += by;
  }
}

const SAMPLE_MS = 250;
const MIB = 1024 * 1024;

/** The heap after each quarter of the work: flat, where memory does not grow with it. */
export class HeapSamples {
  private readonly samples: number[] = [];
  private readonly timer = setInterval(() => {
    this.samples.push(process.memoryUsage().heapUsed / MIB);
  }, SAMPLE_MS);

  /** The most of each quarter, in MiB. */
  quarters(): number[] {
    clearInterval(this.timer);
    const size = Math.max(1, Math.ceil(this.samples.length / 4));
    return [0, 1, 2, 3].map((n) => Math.max(0, ...this.samples.slice(n * size, (n + 1) * size)));
  }
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
