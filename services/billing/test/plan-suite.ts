import { randomUUID } from 'node:crypto';
import { addMs } from '@perennial/calendar';
import { type Database, explain } from '@perennial/database';
import { newCause } from '@perennial/messaging';
import { insertReconciliations, opened } from '../src/store/reconciliations';
import { type Running, runBilling } from './running-billing';
import { subscribersOf } from './subscribers';

const CUSTOMERS = 300;
const OURS =
  /\b(?:FROM|JOIN|UPDATE|STRAIGHT_JOIN)\s+(accounts|methods|schedules|payments|cycles|attempts|refunds|captures|discrepancies|held_events|runs|reconciliations|reconciliation_matches|reconciliation_findings|audit_entries)\b/;
const TABLES = new Set(OURS.source.match(/[a-z_]{4,}/g));

const two = [randomUUID(), randomUUID()];
/** Plausible values by the names that statements have for them. */
const VALUES: Record<string, unknown> = {
  ...{ ids: two, customerIds: two, paymentIds: two, subscriptionIds: two, references: two },
  ...{ id: two[0], customerId: two[0], paymentId: two[0], subscriptionId: two[0] },
  ...{ provider: 'aurora' },
  ...{ entityId: two[0], entityType: 'payment', providers: ['aurora'], status: 'retrying' },
  ...{ reconciliationId: two[0], kind: 'charge', kinds: ['missing_here'], abouts: two },
  ...{
    at: '2026-02-28T05:00:00.000Z',
    now: '2026-02-28T06:00:00.000Z',
    to: '2026-03-01',
    after: two[0],
    cursor: '~',
    limit: 10,
  },
};

/** Enough rows for an index to be worth its while, and every table of billing with some. */
async function fill(running: Running): Promise<void> {
  const subscribers = subscribersOf(running);
  await subscribers.many(CUSTOMERS);
  await running.until('2026-02-28T06:00:00Z');
  const { charges } = running.aurora.ledger();
  for (const { id } of charges) await subscribers.refundTold(id, 1);
  for (const { id } of charges.slice(0, 100)) await subscribers.refundTold(id, 9999);
  for (let n = 0; n < 100; n += 1) await subscribers.refundTold(`pay_of_nobody_${n}`, 1);
  for (let n = 0; n < 100; n += 1) await subscribers.losesCard(`pm_of_nobody_${n}`);
  await fillReconciliations(running);
}

async function fillReconciliations({ db, ids, clock }: Running): Promise<void> {
  const cause = newCause('system', 'timer:test', ids);
  const all = Array.from({ length: CUSTOMERS }, (_, n) => {
    const times = { createdAt: clock.now(), nextActionAt: clock.now(), toAt: clock.now() };
    const fromAt = addMs(clock.now(), -n - 1);
    const one = opened({ id: ids(), provider: 'aurora', day: null, cause, fromAt, ...times });
    const over = { status: 'done', step: null, nextActionAt: null } as const;
    return { ...one, ...over, finishedAt: clock.now() };
  });
  const [reconciliationId, kind] = [all[0]?.id ?? '', 'charge'];
  await db.transaction(async (tx) => {
    await insertReconciliations(all, tx);
    await tx.insert(
      'reconciliation_matches',
      all.map(({ id }) => ({ reconciliationId, kind, id })),
    );
    await tx.insert(
      'reconciliation_findings',
      all.map(({ id }) => ({ reconciliationId, discrepancyId: id })),
    );
  });
}

/** Whatever billing does all day. */
async function work(running: Running): Promise<void> {
  const subscribers = subscribersOf(running);
  const customer = await subscribers.customer('pm_mine');
  const id = await subscribers.subscription(customer);
  await running.until('2026-03-31T06:00:00Z');
  const { data } = (await running.call('GET', `/payments?customerId=${customer}`)).body;
  const path = `/payments/${data[0].id}`;
  const headers = { 'Idempotency-Key': randomUUID() };
  await running.call('POST', `${path}/refunds`, { headers, body: { reason: 'duplicate' } });
  await running.until('2026-03-31T07:00:00Z');
  const refund = running.aurora.ledger().refunds.at(-1);
  await subscribers.refundTold(refund?.paymentId ?? '', null, refund?.merchantReference);
  await refundedElsewhere(running);
  const to = '2026-03-31T07:01:00Z';
  await running.until(to);
  const body = { provider: 'aurora', from: '2026-02-28T00:00:00Z', to };
  const { id: reconciliation } = (await running.call('POST', '/reconciliations', { body })).body;
  await running.until(to);
  const reads = [path, '/payments', '/payments?status=retrying', `/payments?subscriptionId=${id}`];
  const of = [`/subscriptions/${id}/schedule`, `/subscriptions/${id}/explanation`];
  const lists = [
    '/discrepancies',
    '/discrepancies?state=open',
    '/forecast?from=2026-03-01&to=2026-05-01',
  ];
  const forms = ['', `/${reconciliation}`, `/${reconciliation}.csv`];
  const compared = forms.map((one) => `/reconciliations${one}`);
  for (const one of [...reads, ...of, ...lists, ...compared]) await running.call('GET', one);
  const [charge] = running.aurora.ledger().charges.slice(-1);
  await subscribers.failsAfterAll(charge?.merchantReference ?? '', charge?.id ?? '', 1250);
  await subscribers.asksToEnd(customer, id, '2026-04-30');
  await subscribers.losesCard('pm_mine');
  await subscribers.endsNow(customer, id);
}

/** Of which nobody tells us: reconciliation finds it. */
async function refundedElsewhere({ aurora, auroraUrl }: Running): Promise<void> {
  const [charge] = aurora.ledger().charges;
  const body = JSON.stringify({ reference: charge?.id, amount: 1, reason: 'duplicate' });
  await (await fetch(`${auroraUrl}/_sim/refund`, { method: 'POST', body })).text();
}

/** What MySQL, MariaDB and SQLite must all find by an index. */
export function describePlans(databaseUrl: () => Promise<string>): void {
  let running: Running;
  let statements: string[];

  beforeAll(async () => {
    running = await runBilling(await databaseUrl());
    await fill(running);
    const { db, statements: told } = running;
    if (db.dialect === 'mysql') await analyze(db);
    told.length = 0;
    await work(running);
    // SQLite's driver does not explain what changes rows.
    const explained = db.dialect === 'mysql' ? /^\s*(SELECT|UPDATE|DELETE)/ : /^\s*SELECT/;
    const ours = told.filter((sql) => OURS.test(sql) && explained.test(sql));
    statements = [...new Set(ours.map(withOneRow))];
  });
  afterAll(() => running?.stop());

  const planOf = (sql: string) => running.db.transaction((tx) => explain(sql, valuesFor(sql), tx));

  test('what billing reads and changes all day it finds by an index', async () => {
    const walked: unknown[] = [];
    for (const sql of statements) {
      const steps = (await planOf(sql)).filter(({ table }) => TABLES.has(table));
      const bad = steps.filter(({ index, walks }) => index === null || walks);
      if (bad.length > 0) walked.push({ sql, bad });
    }
    expect(walked).toEqual([]);
    expect(statements.length).toBeGreaterThan(30);
  });

  test.each([
    ['customer_id', 'payments_customer'],
    ['status', 'payments_status'],
  ])('payments by %s are listed in order from %s', async (column, index) => {
    const list = statements.find((sql) => sql.includes(`AND payments.${column} =`)) ?? 'none';
    expect(await planOf(list)).toMatchObject([{ index, sorts: false, walks: false }]);
  });

  test.each([
    ['started_at', 'attempts_started'],
    ['created_at', 'refunds_created'],
  ])('ours of a window are read in the order of %s', async (column, index) => {
    const pages = statements.filter((sql) => sql.includes(`${column} AS at`));
    expect(pages).toHaveLength(2);
    for (const sql of pages) {
      expect(await planOf(sql)).toMatchObject([{ index, sorts: false, walks: false }]);
    }
  });

  test.each([
    ['attempts.provider_reference IN', 'attempts_provider_reference'],
    ['refunds.provider_reference IN', 'refunds_provider_reference'],
    ['kind IN (:kinds) AND about IN', 'reported_once'],
  ])('what the provider shows is found by %s', async (condition, index) => {
    const [sql = 'none'] = statements.filter((one) => one.includes(condition));
    expect(await planOf(sql)).toContainEqual(expect.objectContaining({ index, walks: false }));
  });

  test.each(['accounts', 'held_events'])('what of %s is due is read in order', async (table) => {
    const due = statements.filter(
      (sql) => sql.includes(`FROM ${table} WHERE`) && /ORDER BY (due|next_try)_at/.test(sql),
    );
    expect(due).toHaveLength(2);
    for (const sql of due) {
      expect([sql, await planOf(sql)]).toMatchObject([sql, [{ sorts: false, walks: false }]]);
    }
  });
}

async function analyze(db: Database): Promise<void> {
  for (const table of TABLES) await db.transaction((tx) => tx.select(`ANALYZE TABLE ${table}`));
}

/** A statement that changes many rows is the same for one. */
function withOneRow(sql: string): string {
  return sql.replace(/(UNION ALL SELECT :row0)( UNION ALL SELECT :row\d+)+/, '$1');
}

function valuesFor(sql: string): Record<string, unknown> {
  const columns =
    /given \(([^)]*)\) AS/.exec(sql)?.[1]?.split(', ') ?? sql.match(/NULL AS \w+/g) ?? [];
  const row = columns.map(() => two[0]);
  return { ...VALUES, values: [row], row0: row };
}
