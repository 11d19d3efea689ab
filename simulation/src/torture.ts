import { readArguments } from './torture/arguments';
import { runTorture } from './torture/run-torture';

const startedMs = Date.now();

/** A line of progress, with the seconds since the start. */
function say(text: string): void {
  const seconds = ((Date.now() - startedMs) / 1000).toFixed(1).padStart(6);
  process.stdout.write(text === '' || /^ /.test(text) ? `${text}\n` : `[${seconds} s] ${text}\n`);
}

async function main(): Promise<number> {
  const args = readArguments(process.argv.slice(2), startedMs % 1_000_000);
  const { PATH, HOME, TMPDIR, TORTURE_KILLS: kills = '' } = process.env;
  let calledOff = false;
  const callOff = () => {
    calledOff = true;
  };
  process.once('SIGINT', callOff).once('SIGTERM', callOff).once('disconnect', callOff);
  if (kills === '') say('the servers are not ours to kill: they are left alone');
  const isCalledOff = () => calledOff;
  const inherited = { PATH, HOME, TMPDIR };
  return (await runTorture({ args, inherited, kills, say, isCalledOff })) ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
