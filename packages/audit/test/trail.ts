import { addMs, parseInstant } from '@perennial/calendar';
import { type Cause, createIds } from '@perennial/contracts';
import { type Database, migrate, type Row, type Tx } from '@perennial/database';
import { type AuditEntry, auditMigrations, sealer, verifyAudit, writeAudit } from '../src';

const now = parseInstant('2026-07-03T23:30:00Z');
const clock = { now: () => now };
const ids = createIds(clock);

const cause: Cause = {
  actor: 'provider:aurora',
  trigger: 'message:0197d000',
  correlationId: '0197d000-0000-7000-8000-000000000001',
  causationId: '0197d000-0000-7000-8000-000000000002',
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
};

/** The n-th thing that happened to a payment, `n` milliseconds after the first. */
export function happened(n: number, changes: Partial<AuditEntry> = {}): AuditEntry {
  const entity = { type: 'payment', id: 'p-1' };
  const facts = { amountMinor: 1000 + n, status: 'processing' };
  return {
    entity,
    from: 'scheduled',
    to: 'processing',
    facts,
    cause,
    at: addMs(now, n),
    ...changes,
  };
}

/** An audit trail in an open database, and whoever meddles with its tables. */
export class Trail {
  readonly sealer = sealer(this.db, clock);

  constructor(readonly db: Database) {}

  static async in(open: Promise<Database>): Promise<Trail> {
    const db = await open;
    await migrate(db, [auditMigrations]);
    return new Trail(db);
  }

  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  write(...entries: AuditEntry[]): Promise<void> {
    return this.db.transaction((tx) => this.writeIn(tx, ...entries));
  }

  writeIn(tx: Tx, ...entries: AuditEntry[]): Promise<void> {
    return writeAudit(entries, tx, ids);
  }

  /** Writes and seals so many entries, and returns their ids in the order of the chain. */
  async sealed(count: number): Promise<string[]> {
    await this.write(...Array.from({ length: count }, (_, n) => happened(n)));
    await this.sealer.run();
    const rows = await this.rows();
    return rows.map(({ id }) => String(id));
  }

  rows(): Promise<Record<string, unknown>[]> {
    return this.read((tx) => tx.select('SELECT * FROM audit_entries ORDER BY seq, position'));
  }

  verify() {
    return verifyAudit(this.db);
  }

  meddle(sql: string, replacements: Row = {}): Promise<number> {
    return this.db.transaction((tx) => tx.execute(sql, replacements));
  }

  async emptied(): Promise<void> {
    await this.meddle('DELETE FROM audit_entries');
    await this.meddle('DELETE FROM audit_head');
  }
}
