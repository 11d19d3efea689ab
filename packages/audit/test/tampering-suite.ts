import type { Database } from '@perennial/database';
import { hashOf, StoredEntry } from '../src/entry';
import { Trail } from './trail';

/** What MySQL, MariaDB and SQLite must notice alike: five entries are sealed, and one hand goes in. */
export function describeTampering(open: () => Promise<Database>): void {
  let trail: Trail;
  let ids: string[];
  beforeAll(async () => {
    trail = await Trail.in(open());
  });
  afterAll(() => trail?.db.close());
  beforeEach(async () => {
    await trail.emptied();
    ids = await trail.sealed(5);
    expect(await trail.verify()).toEqual({ entries: 5, ok: true });
  });

  const named = (n: number) => ({ entries: n - 1, ok: false, firstBadEntry: ids[n - 1] });

  // biome-ignore format: a table
  test.each([
    ['the kind of entity',         'entity_type',    'paymenT'],
    ['which entity it was',        'entity_id',      'p-2'],
    ['the state before',           'from_state',     'scheduleD'],
    ['that there was one before',  'from_state',     null],
    ['the state after',            'to_state',       'Processing'],
    ['one digit of an amount',     'facts',          '{"amountMinor":1003,"status":"processing"}'],
    ['one space in the facts',     'facts',          '{"amountMinor":1002, "status":"processing"}'],
    ['who did it',                 'actor',          'provider:auror'],
    ['what made them',             'trigger_ref',    'message:0197d001'],
    ['to what it belongs',         'correlation_id', '0197d000-0000-7000-8000-000000000003'],
    ['what led there',             'causation_id',   '0197d000-0000-7000-8000-000000000003'],
    ['that something led there',   'causation_id',   null],
    ['by one millisecond, when',   'at',             '2026-07-03T23:30:00.003Z'],
    ['how it is written, when',    'at',             '2026-07-03T23:30:00.002z'],
    ['to a moment there is not',   'at',             '2026-17-03T23:30:00.002Z'],
    ['its own hash',               'hash',           'f'.repeat(64)],
    ['its id',                     'id',             '0197d000-0000-7000-8000-000000000009'],
    ['whether it is the newest',   'position',       1_000_000],
  ])('an entry is named if somebody changes %s: %s', async (_, column, value) => {
    const set = `UPDATE audit_entries SET ${column} = :value WHERE seq = :seq`;
    expect(await trail.meddle(set, { value, seq: 3 })).toBe(1);
    const firstBadEntry = column === 'id' ? value : ids[2];
    expect(await trail.verify()).toEqual({ entries: 2, ok: false, firstBadEntry });
  });

  test('a change whose hash is made to fit is named where the chain goes on', async () => {
    const row = StoredEntry.parse((await trail.rows())[2]);
    const forged = { ...row, facts: '{"amountMinor":1}' };
    const hash = hashOf(String((await trail.rows())[1]?.['hash']), 3, forged);
    await trail.meddle('UPDATE audit_entries SET facts = :facts, hash = :hash WHERE seq = 3', {
      facts: forged.facts,
      hash,
    });
    expect(await trail.verify()).toEqual(named(4));
  });

  test.each([1, 3])('an entry that is removed as number %d is missed where it stood', async (n) => {
    await trail.meddle('DELETE FROM audit_entries WHERE seq = :n', { n });
    expect(await trail.verify()).toEqual({ ...named(n), firstBadEntry: ids[n] });
  });

  test('an entry that is removed, and the gap closed, is missed', async () => {
    await trail.meddle('DELETE FROM audit_entries WHERE seq = 3');
    for (const n of [4, 5])
      await trail.meddle('UPDATE audit_entries SET seq = seq - 1 WHERE seq = :n', { n });
    expect(await trail.verify()).toEqual({ ...named(3), firstBadEntry: ids[3] });
  });

  test('an entry that is unsealed and sealed again at the end is missed where it stood', async () => {
    await trail.meddle(
      'UPDATE audit_entries SET sealed = 0, seq = NULL, hash = NULL WHERE seq = 2',
    );
    await trail.sealer.run();
    expect(await trail.verify()).toEqual({ ...named(2), firstBadEntry: ids[2] });
  });

  test('the last entry, moved away together with the end, is named', async () => {
    await trail.meddle('UPDATE audit_entries SET seq = 9 WHERE seq = 5');
    await trail.meddle('UPDATE audit_head SET seq = 9');
    expect(await trail.verify()).toEqual(named(5));
  });

  test('the last entries, cut off, are missed', async () => {
    await trail.meddle('DELETE FROM audit_entries WHERE seq > 3');
    const missing = { entries: 3, ok: false, firstBadEntry: 'the end is missing' };
    expect(await trail.verify()).toEqual(missing);
  });

  test('all entries, thrown away, are missed', async () => {
    await trail.meddle('DELETE FROM audit_entries');
    const missing = { entries: 0, ok: false, firstBadEntry: 'the end is missing' };
    expect(await trail.verify()).toEqual(missing);
  });

  test('an end that is not the chain’s is told', async () => {
    await trail.meddle('UPDATE audit_head SET hash = :hash', { hash: '0'.repeat(64) });
    expect(await trail.verify()).toEqual({ entries: 5, ok: false, firstBadEntry: 'the head' });
  });

  test.each([
    ['taken away', 'DELETE FROM audit_head'],
    ['set back to the beginning', 'UPDATE audit_head SET seq = 0, hash = :start'],
  ])('an end that is %s does not hide what was sealed', async (_, sql) => {
    await trail.meddle(sql, { start: '0'.repeat(64) });
    expect(await trail.verify()).toEqual(named(1));
  });

  test('an end that is set back by two names the first entry beyond it', async () => {
    const hash = String((await trail.rows())[2]?.['hash']);
    await trail.meddle('UPDATE audit_head SET seq = 3, hash = :hash', { hash });
    expect(await trail.verify()).toEqual(named(4));
  });

  test.each([
    ['behind the end', 6],
    ['far behind the end', 600],
    ['before the beginning', 0],
  ])('an entry that is inserted %s is named', async (_, seq) => {
    await insert(seq, 'a'.repeat(64));
    expect(await trail.verify()).toMatchObject({ ok: false, firstBadEntry: FORGED });
  });

  test('an entry that is inserted between two, the others moved on, is named', async () => {
    await moveOnFromThird();
    await insert(3, 'a'.repeat(64));
    expect(await trail.verify()).toEqual({ ...named(3), firstBadEntry: FORGED });
  });

  test('an inserted entry with a hash that fits is named by the entry it stands before', async () => {
    await moveOnFromThird();
    await insert(3, '');
    const rows = await trail.rows();
    const hash = hashOf(String(rows[1]?.['hash']), 3, StoredEntry.parse(rows[2]));
    await trail.meddle('UPDATE audit_entries SET hash = :hash WHERE seq = 3', { hash });
    expect(await trail.verify()).toEqual({ entries: 3, ok: false, firstBadEntry: ids[2] });
  });

  const FORGED = '0197d000-0000-7000-8000-00000000f0e0';

  async function insert(seq: number, hash: string): Promise<void> {
    const { position: _, ...row } = StoredEntry.parse((await trail.rows())[0]);
    await trail.read((tx) =>
      tx.insert('audit_entries', [{ ...row, id: FORGED, sealed: 1, seq, hash }]),
    );
  }

  async function moveOnFromThird(): Promise<void> {
    for (const n of [5, 4, 3])
      await trail.meddle('UPDATE audit_entries SET seq = seq + 1 WHERE seq = :n', { n });
    await trail.meddle('UPDATE audit_head SET seq = 6');
  }
}
