// The one door of `npm start|up|test|check|bench|simulate|torture|teeth`: sees to what the command needs, then runs it.
// Plain Node without packages, because it runs before there are any.
import { bench } from './bench.mjs';
import { check } from './check.mjs';
import { Failure } from './process.mjs';
import { simulate } from './simulate.mjs';
import { start } from './start.mjs';
import { teeth } from './teeth.mjs';
import { test } from './test.mjs';
import { torture } from './torture.mjs';
import { up } from './up.mjs';

const commands = { start, up, test, check, bench, simulate, torture, teeth };
const [name, ...args] = process.argv.slice(2);
const command = commands[name];

if (!command) {
  process.stderr.write(`usage: node scripts/run.mjs ${Object.keys(commands).join('|')}\n`);
  process.exit(2);
}

try {
  process.exitCode = await command(args);
} catch (error) {
  process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
