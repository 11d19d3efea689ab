const WIDTH = 40;
const EVERY_MS = 1_000;

/** A bar on a terminal; elsewhere a line now and then. */
export class Progress {
  private readonly startedMs = performance.now();
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly days: number,
    private readonly out: NodeJS.WriteStream = process.stdout,
  ) {}

  show(day: number): void {
    const now = performance.now();
    if (day < this.days && now - this.lastMs < (this.out.isTTY ? 100 : EVERY_MS)) return;
    this.lastMs = now;
    const seconds = Math.max(0.001, (now - this.startedMs) / 1000);
    const done = Math.round((WIDTH * Math.min(day, this.days)) / this.days);
    const bar = `${'█'.repeat(done)}${'░'.repeat(WIDTH - done)}`;
    const text = `  ${bar} day ${day}/${this.days}, ${(day / seconds).toFixed(1)} days a second`;
    this.out.write(this.out.isTTY ? `\r${text}` : `${text}\n`);
  }

  end(): void {
    if (this.out.isTTY) this.out.write('\n');
  }
}
