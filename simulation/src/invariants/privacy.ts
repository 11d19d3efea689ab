import type { Invariant, Violation } from '../invariant';
import { type RunRecord, SERVICES } from '../record';

/** As everybody here is called and written to. */
const PERSONAL = /\b(?:Given|Family)\d+\b|\bperson\d+@people\.example\b/;

export const privacyInvariants: readonly Invariant[] = [
  {
    name: 'privacy/told-to-nobody',
    meaning: 'No message and no row of any database holds a name or an address that can be read.',
    holds: 'at rest',
    violations: async (record) => [...inMessages(record), ...(await inTables(record))],
  },
];

function* inMessages({ messages }: RunRecord): Iterable<Violation> {
  for (const { body, at, from } of messages ?? []) {
    const found = PERSONAL.exec(body)?.[0];
    if (found) yield { text: `${from} told ${found} in a message at ${at}`, about: [found] };
  }
}

async function inTables(record: RunRecord): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  for (const service of SERVICES) {
    for (const table of await record.tables(service)) {
      const rows = await record.rows(service, `SELECT * FROM ${table}`);
      const found = PERSONAL.exec(JSON.stringify(rows))?.[0];
      if (found) violations.push({ text: `${found} is in ${service}'s ${table}`, about: [found] });
    }
  }
  return violations;
}
