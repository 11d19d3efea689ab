import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { RunOptions } from './run';
import type { Lived } from './seed';

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
      const member = this.hire();
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        if (!told(await ask(member, next))) waiting.length = 0;
      }
      member.disconnect();
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

function ask(member: ChildProcess, { faults, ...options }: RunOptions): Promise<Lived> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(new Error(`the process that lived seed ${options.seed} ended with ${code}`));
    };
    member.once('exit', ended);
    member.once('message', (lived) => {
      member.off('exit', ended);
      resolve(lived as Lived);
    });
    const order: Order = { ...options, faults: [...faults] };
    member.send(order);
  });
}
