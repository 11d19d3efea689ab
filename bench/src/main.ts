import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { benchRun } from './run-bench';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      customers: { type: 'string', default: '20000' },
      'answer-ms': { type: 'string', default: '5' },
      'hang-rate': { type: 'string', default: '0' },
      json: { type: 'string' },
    },
  });
  const [answerMs, hangRate] = [Number(values['answer-ms']), Number(values['hang-rate'])];
  const result = await benchRun({ customers: Number(values.customers), answerMs, hangRate });
  const { statements, run, heapMiBByQuarter, ...numbers } = result;
  const provider = `the provider answering in ${answerMs} ms, never to ${hangRate * 100} %`;
  process.stdout.write(`One run, MySQL or MariaDB and RabbitMQ, ${provider}\n`);
  for (const [name, value] of Object.entries(numbers)) {
    process.stdout.write(
      `  ${name.padEnd(26)} ${Number.isInteger(value) ? value : value.toFixed(3)}\n`,
    );
  }
  const heap = heapMiBByQuarter.map((mib) => mib.toFixed(0)).join(', ');
  process.stdout.write(`  heap in MiB, by quarter    ${heap}\n`);
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
