import { randomUUID } from 'node:crypto';
import type { Row, Tx } from '@perennial/database';
import { rebuildDiff } from '../src';
import { type Running, runBilling } from './running-billing';
import { subscribersOf } from './subscribers';

/** A quarter in which everything happens that billing writes down. */
async function quarter(running: Running): Promise<void> {
  const subscribers = subscribersOf(running);
  const [payer, leaver] = [await subscribers.customer(), await subscribers.customer()];
  for (const customer of [payer, payer, leaver]) await subscribers.subscription(customer);
  const leaves = await subscribers.subscription(leaver, { anchor: '2026-01-15' });
  const cards = ['pm_decline_do_not_honor', 'pm_decline2_insufficient_funds', 'pm_pending_1'];
  for (const card of [...cards, 'pm_503_before', 'pm_lost']) {
    await subscribers.subscription(await subscribers.customer(card));
  }
  await subscribers.subscription(await subscribers.customer(), { anchor: '2025-11-30' });
  await running.until('2026-02-28T06:00:00Z');
  await refundOneAndAHalf(running, payer);
  const [charge] = running.aurora.ledger().charges;
  await subscribers.refundTold(charge?.id ?? '', 9999);
  await subscribers.losesCard('pm_lost');
  await subscribers.asksToEnd(leaver, leaves, '2026-03-15');
  await running.until('2026-03-02T06:00:00Z');
  await running.aurora.timer.run();
  await running.until('2026-04-30T06:00:00Z');
  await subscribers.endsNow(leaver, leaves);
  const [found] = (await running.call('GET', '/discrepancies')).body.data;
  const body = { state: 'explained', note: 'A typing error' };
  await running.call('POST', `/discrepancies/${found.id}/resolution`, { body });
}

async function refundOneAndAHalf(running: Running, customer: string): Promise<void> {
  const { data } = (await running.call('GET', `/payments?customerId=${customer}`)).body;
  const ask = (amountMinor: number) =>
    running.call('POST', `/payments/${data[0].id}/refunds`, {
      body: { reason: 'duplicate', amountMinor },
      headers: { 'Idempotency-Key': randomUUID() },
    });
  for (const amountMinor of [1250, 625]) expect((await ask(amountMinor)).status).toBe(201);
}

const KEYS: Record<string, readonly string[]> = {
  ...{ payments: ['id'], attempts: ['id'], refunds: ['id'], discrepancies: ['id'] },
  ...{ accounts: ['customerId'], schedules: ['subscriptionId'], captures: ['attemptId'] },
  cycles: ['subscriptionId', 'cycle'],
};

const CHANGED: [string, string, Row][] = [
  ['payments', 'succeeded', { status: 'abandoned' }],
  ['payments', 'succeeded', { billingDate: '2026-02-27' }],
  ['attempts', 'succeeded', { amountMinor: 1 }],
  ['attempts', 'declined', { reason: null }],
  ['attempts', 'succeeded', { items: '[]' }],
  ['attempts', 'succeeded', { capturedMinor: 1 }],
  ['cycles', 'paid', { amountMinor: 1 }],
  ['cycles', 'waiting', { amountMinor: 1 }],
  ['refunds', 'succeeded', { amountMinor: 1 }],
  ['refunds', 'succeeded', { idempotencyKey: 'another' }],
  ['captures', '', { capturedMinor: 999_999 }],
  ['captures', '', { refundedMinor: 1 }],
  ['schedules', 'live', { amountMinor: 1 }],
  ['schedules', 'ended', { skippedCycle: 99 }],
  ['accounts', '', { paymentMethod: 'pm_of_somebody_else' }],
  ['discrepancies', 'explained', { note: 'Nothing to see here' }],
];

/** Makes another row of one, that breaks no constraint. */
const ADDED: Record<string, Row> = {
  payments: { id: 'added' },
  attempts: { id: 'added', number: 99, reference: 'added', idempotencyKey: 'added' },
  refunds: { id: 'added', reference: 'added', idempotencyKey: 'added', providerReference: 'added' },
  captures: { attemptId: 'added' },
  cycles: { cycle: 99 },
  schedules: { subscriptionId: 'added' },
  discrepancies: { id: 'added', about: 'added' },
};

/** What SQLite, MySQL and MariaDB must tell alike. */
export function describeRebuild(databaseUrl: () => Promise<string>): void {
  let running: Running;
  beforeAll(async () => {
    running = await runBilling(await databaseUrl());
    await quarter(running);
  });
  afterAll(() => running?.stop());
  afterEach(async () => expect(await found()).toEqual([]));

  const found = async () => (await rebuildDiff(running.db)).differences;
  const within = <T>(work: (tx: Tx) => Promise<T>) => running.db.transaction(work);
  const rowOf = async (table: string, state: string): Promise<Row> => {
    const column = table === 'schedules' || table === 'discrepancies' ? 'state' : 'status';
    const where = state === '' ? '' : `WHERE ${column} = :state`;
    const [row] = await within((tx) => tx.select(`SELECT * FROM ${table} ${where}`, { state }));
    if (!row) throw new Error(`none of ${table} is ${state}`);
    return row as Row;
  };
  const nameOf = (table: string, row: Row) =>
    `${table} ${(KEYS[table] ?? []).map((key) => String(row[key])).join(':')}:`;
  const remove = (table: string, row: Row) => {
    const match = (KEYS[table] ?? []).map((key) => `${columnOf(key)} = :${key}`);
    return within((tx) => tx.execute(`DELETE FROM ${table} WHERE ${match.join(' AND ')}`, row));
  };
  const insert = (table: string, row: Row) => within((tx) => tx.insert(table, [row]));

  test('of a quarter with everything in it nothing differs', async () => {
    const { entities, differences } = await rebuildDiff(running.db);
    expect(differences).toEqual([]);
    expect(entities).toBeGreaterThan(40);
    const counts = await within((tx) =>
      Promise.all(Object.keys(KEYS).map((table) => tx.select(`SELECT 1 FROM ${table}`))),
    );
    for (const rows of counts) expect(rows.length).toBeGreaterThan(1);
  });

  test.each(CHANGED)(
    '%s (%s) set to %j are told with their field',
    async (table, state, change) => {
      const row = await rowOf(table, state);
      const own = (values: Row) => ({ ...picked(row, KEYS[table] ?? []), ...values });
      const set = (values: Row) =>
        within((tx) => tx.update(table, KEYS[table] ?? [], [own(values)]));
      await set(change);
      const lines = await found();
      await set(picked(row, Object.keys(change)));
      const [[field = '', value] = []] = Object.entries(change);
      const before = JSON.stringify(row[field]);
      const told = `${field} is ${JSON.stringify(value)}, the audit trail says ${before}`;
      expect(lines).toEqual([`${nameOf(table, row)} ${told}`]);
    },
  );

  test.each(Object.keys(ADDED))('a row that is removed from %s is missed', async (table) => {
    const row = await rowOf(table, '');
    await remove(table, row);
    const [line, ...more] = await found();
    await insert(table, row);
    expect(line).toBe(`${nameOf(table, row)} missing`);
    const untaken = /^captures .*: no attempt took this money$/;
    expect(more.filter((other) => !untaken.test(other))).toEqual([]);
  });

  test.each(Object.entries(ADDED))('a row that is added to %s is told', async (table, change) => {
    const row = { ...(await rowOf(table, '')), ...change };
    await insert(table, row);
    const lines = await found();
    await remove(table, row);
    const stranger = 'the audit trail does not know it';
    const why = table === 'captures' ? 'no attempt took this money' : stranger;
    expect(lines).toEqual([`${nameOf(table, row)} ${why}`]);
  });

  test.each(['attempts', 'cycles'])(
    'a row of %s that belongs to nothing is told',
    async (table) => {
      const row = { ...(await rowOf(table, '')), ...ADDED[table], paymentId: 'nobody’s' };
      await insert(table, row);
      const lines = await found();
      await remove(table, row);
      expect(lines).toEqual([`${nameOf(table, row)} the audit trail does not know it`]);
    },
  );
}

function picked(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

function columnOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
