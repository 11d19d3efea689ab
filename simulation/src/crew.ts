import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { RunOptions } from './run';
import type { Lived } from './seed';
import { CRASHED } from './steady';

/** What is asked of a process of the crew. Sets do not travel. */
export interface Order extends Omit<RunOptions, 'faults'> {
  readonly faults: readonly string[];
}

/** Processes that live seeds, as many at a time as there are of them. */
export class Crew {
  private readonly members: ChildProcess[] = [];

  constructor(private readonly jobs: number) {}

  /** Tells of each seed when it is over; stops giving out more once `told` answers false. */
  async live(orders: readonly RunOptions[], told: (lived: Lived) => boolean): Promise<void> {
    const waiting = [...orders].reverse();
    const work = async () => {
      let member = this.hire();
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        if (!told(await ask(member, next))) waiting.length = 0;
        if (!member.connected) member = this.hire();
      }
      if (member.connected) member.disconnect();
    };
    await Promise.all(Array.from({ length: Math.min(this.jobs, orders.length) }, work));
  }

  end(): void {
    for (const member of this.members) member.kill();
  }

  private hire(): ChildProcess {
    const member = fork(join(__dirname, 'seed-process.ts'), {
      // Nearly all that a step makes is gone after it.
      execArgv: [...process.execArgv, '--max-semi-space-size=64'],
    });
    this.members.push(member);
    return member;
  }
}

/** A process of its own can be lost, or never come back from a step: then the seed is broken by that. */
const PATIENCE_MS = 300_000;

function ask(member: ChildProcess, { faults, ...options }: RunOptions): Promise<Lived> {
  return new Promise((resolve) => {
    const lost = (why: string) => {
      member.removeAllListeners('message');
      clearTimeout(late);
      resolve(lostSeed(options.seed, why));
    };
    const ended = (code: number | null) => lost(`its process ended with ${code}`);
    const late = setTimeout(() => {
      member.kill('SIGKILL');
    }, PATIENCE_MS);
    member.once('exit', ended);
    member.once('message', (lived) => {
      clearTimeout(late);
      member.off('exit', ended);
      resolve(lived as Lived);
    });
    const order: Order = { ...options, faults: [...faults] };
    member.send(order);
  });
}

function lostSeed(seed: number, text: string): Lived {
  const { name: invariant, meaning } = CRASHED;
  const broken = { invariant, meaning, seed, step: 0, day: '', text, story: [] };
  return { seed, steps: 0, digest: '', struck: {}, charges: 0, seconds: 0, broken };
}
