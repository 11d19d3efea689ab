import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceName } from '../record';
import type { Environment } from '../service-definitions';

const LAST_LINES = 30;
const DRAIN_MS = 28_000;
const BOUND = '/usr/bin/setpriv';

export interface ReplicaOptions {
  readonly service: ServiceName;
  readonly number: number;
  readonly port: number;
  readonly env: Environment;
  readonly folder: string;
}

/** One of the processes of a service: started, killed and frozen as often as one likes. */
export class Replica {
  readonly name: string;
  readonly url: string;
  readonly log: string;
  /** Told where it has ended, and not by us, or has failed to end well. */
  onDeath: (how: string) => void = () => {};
  private child: ChildProcess | null = null;
  private ended: Promise<void> = Promise.resolve();
  private expected = false;

  constructor(private readonly options: ReplicaOptions) {
    const { service, number, port, folder } = options;
    this.name = `${service}-${number}`;
    this.url = `http://127.0.0.1:${port}`;
    this.log = join(folder, `${this.name}.log`);
  }

  get service(): ServiceName {
    return this.options.service;
  }

  start(): void {
    if (this.child) return;
    const { service, port, env } = this.options;
    const run = ['--conditions=@perennial/source', '--import', 'tsx'];
    const entry = join(__dirname, 'service-process.ts');
    const command = [process.execPath, ...run, entry];
    // Dies with us, however we end, also where it stands still.
    const bound = existsSync(BOUND) ? [BOUND, '--pdeathsig', 'KILL', ...command] : command;
    const [program = '', ...args] = bound;
    const child = spawn(program, args, {
      env: { ...env, SERVICE: service, PORT: String(port) },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C is for us.
      detached: true,
    });
    const file = createWriteStream(this.log, { flags: 'a' });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    child.stdin.on('error', () => {});
    this.child = child;
    this.expected = false;
    this.ended = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.child = null;
        file.end();
        resolve();
        const failed = code !== null && code !== 0;
        if (!this.expected || failed) this.onDeath(`ended with ${signal ?? code}`);
      });
    });
  }

  async kill(): Promise<void> {
    this.expected = true;
    this.child?.kill('SIGKILL');
    await this.ended;
  }

  /** As an orchestrator does: it may finish what it has begun, within half a minute. */
  async stop(): Promise<void> {
    this.thaw();
    this.expected = true;
    this.child?.kill('SIGTERM');
    const late = setTimeout(() => this.child?.kill('SIGKILL'), DRAIN_MS);
    await this.ended;
    clearTimeout(late);
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  lastLines(): string {
    const lines = existsSync(this.log) ? readFileSync(this.log, 'utf8').trimEnd().split('\n') : [];
    return lines.slice(-LAST_LINES).join('\n');
  }
}
