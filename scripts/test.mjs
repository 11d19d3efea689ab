import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { install } from './install.mjs';
import { Failure, run, say } from './process.mjs';
import { obtainServers } from './servers.mjs';
import { simulate } from './simulate.mjs';

/** All tests; `--embedded` only those that need no server. Other arguments choose files, as jest does. */
export async function test(args) {
  const embedded = args.includes('--embedded');
  const files = args.filter((one) => one !== '--embedded');
  await install();
  const unit = await jest('unit', files);
  const seeds = files.length === 0 ? await fresh() : null;
  const int = embedded ? null : await withServers(files);
  const results = [unit, ...(seeds ? [seeds] : []), ...(int ? [int] : [])];
  const passed = results.reduce((sum, one) => sum + one.passed, 0);
  const failed = results.reduce((sum, one) => sum + one.failed, 0);
  const notRun = !embedded && int === null;
  if (notRun) {
    say('NOT RUN: the suites *.int.test.ts, because no MySQL/MariaDB and RabbitMQ can be had here');
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  const code = results.every((one) => one.code === 0) ? 0 : 1;
  return notRun && process.env.CI === 'true' ? 1 : code;
}

const SEEDS = 50;

/** Histories that nobody has seen, each a test: what breaks is told with its seed and its story. */
async function fresh() {
  const size = ['--days', '150', '--customers', '10'];
  const code = await simulate(['--fresh', String(SEEDS), ...size]);
  return { code, passed: code === 0 ? SEEDS : 0, failed: code === 0 ? 0 : 1 };
}

/** Null: there are no servers, and none can be had. */
async function withServers(files) {
  let servers;
  try {
    servers = await obtainServers();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(error.message);
    return null;
  }
  try {
    return await jest('int', files, servers.env);
  } finally {
    await servers.stop();
  }
}

async function jest(project, files, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-jest-'));
  const report = join(folder, 'report.json');
  const options = [
    '--selectProjects',
    project,
    '--passWithNoTests',
    '--maxWorkers=2',
    '--json',
    `--outputFile=${report}`,
  ];
  try {
    const code = await run(
      process.execPath,
      ['node_modules/jest/bin/jest.js', ...options, ...files],
      {
        env: { ...env, NODE_OPTIONS: '' },
      },
    );
    return { code, ...counts(report) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A suite that does not even start is one failure. */
function counts(report) {
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  );
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}
