import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchRun } from './run-bench';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      customers: { type: 'string', default: '20000' },
      json: { type: 'string' },
    },
  });
  const result = await benchRun(Number(values.customers));
  const { statements, run, ...numbers } = result;
  process.stdout.write(`One run, MySQL or MariaDB and RabbitMQ, the provider answering in 5 ms\n`);
  for (const [name, value] of Object.entries(numbers)) {
    process.stdout.write(
      `  ${name.padEnd(26)} ${Number.isInteger(value) ? value : value.toFixed(3)}\n`,
    );
  }
  process.stdout.write(`  run ${JSON.stringify(run)}\n  statements\n`);
  for (const [name, count] of statements) {
    process.stdout.write(`    ${String(count).padStart(7)}  ${name}\n`);
  }
  if (values.json) writeFileSync(values.json, JSON.stringify(result, null, 2));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
