import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startNode } from '@perennial/testing';
import { runBilling } from '../test/running-billing';
import { subscribersOf } from '../test/subscribers';

let folder: string;
let url: string;

/** Two customers have paid; then something is done to the tables, and billing is stopped. */
async function billingThat(...tampering: string[]): Promise<void> {
  const running = await runBilling(url);
  await subscribersOf(running).many(2);
  await running.until('2026-02-28T06:00:00Z');
  for (const sql of tampering) await running.db.transaction((tx) => tx.execute(sql));
  await running.stop();
}
async function audit(...command: string[]) {
  const started = startNode(join(__dirname, 'audit.ts'), { DATABASE_URL: url }, command);
  return { code: await started.ended, lines: started.output().trim().split('\n') };
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'billing-audit-'));
  url = `sqlite:${join(folder, 'billing.sqlite')}`;
});
afterEach(() => rmSync(folder, { recursive: true }));

test('all is well: both commands say so and end with 0', async () => {
  await billingThat();
  const verified = await audit('verify');
  expect([verified.code, JSON.parse(verified.lines[0] ?? '')]).toMatchObject([0, { ok: true }]);
  const rebuilt = await audit('rebuild', '--diff');
  expect(rebuilt).toEqual({ code: 0, lines: ['6 entities compared, 0 differences'] });
});

test('a changed amount is named, and the command ends with 1', async () => {
  await billingThat(
    'UPDATE attempts SET amount_minor = 1 WHERE id = (SELECT MIN(id) FROM attempts)',
  );
  const { code, lines } = await audit('rebuild', '--diff');
  expect(code).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(/^attempts [0-9a-f-]{36}: amountMinor is 1, the audit trail says 1250$/),
    '6 entities compared, 1 differences',
  ]);
  expect((await audit('verify')).code).toBe(0);
});

test('an altered entry breaks the chain, and the command ends with 1', async () => {
  await billingThat("UPDATE audit_entries SET actor = 'customer' WHERE seq = 3");
  const { code, lines } = await audit('verify');
  expect([code, JSON.parse(lines[0] ?? '')]).toMatchObject([1, { ok: false }]);
});

test('anything else is explained, and ends with 2', async () => {
  for (const command of [[], ['rebuild'], ['repair']]) {
    const { code, lines } = await audit(...command);
    expect([code, lines[0]]).toEqual([2, expect.stringContaining('usage')]);
  }
});
