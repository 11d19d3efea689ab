import { type ChildProcess, spawn } from 'node:child_process';

export interface NodeProcess {
  readonly pid: number;
  /** All that it has printed so far. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Runs a TypeScript file from source as a process of its own. */
export function startNode(
  file: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): NodeProcess {
  const options = ['--conditions=@perennial/source', '--import', 'tsx'];
  const child: ChildProcess = spawn(process.execPath, [...options, file, ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    // Its input ends with us: a process that must not outlive us watches that.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let printed = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  return {
    pid: child.pid ?? 0,
    output: () => printed,
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => {
      child.once('close', (code, signal) => resolve(code ?? signal ?? 1));
    }),
  };
}
