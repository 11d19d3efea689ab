import type { FindOptions } from 'sequelize';
import type { Model, ModelCtor, Sequelize } from 'sequelize-typescript';
import { multiRowUpdate } from './multi-row-update';
import { snakeCase } from './names';
import type { Found, Replacements, Session } from './session';

export type Dialect = 'mysql' | 'sqlite';
export type Row = Readonly<Record<string, string | number | boolean | null>>;

/** Reading by a sequelize-typescript model in this transaction, for look-ups with changing filters. */
export interface BoundModel {
  findAll(options: Omit<FindOptions, 'transaction' | 'raw'>): Promise<Found[]>;
}

/** One open transaction. Every statement of the work goes through it, reads too. */
export interface Tx {
  readonly dialect: Dialect;
  /** `:name` in `sql` is replaced. Columns come back in camelCase; an integer beyond 2^53 as text. */
  select(sql: string, replacements?: Replacements): Promise<Found[]>;
  /** Returns how many rows the statement met, also those it left as they were. */
  execute(sql: string, replacements?: Replacements): Promise<number>;
  /**
   * Inserts in statements of 500 rows; keys in camelCase. With `ignoreDuplicates`, a row that breaks
   * a UNIQUE constraint is left out; any other fault still throws. Returns how many rows were inserted.
   */
  insert(
    table: string,
    rows: readonly Row[],
    options?: { readonly ignoreDuplicates?: boolean },
  ): Promise<number>;
  /** Sets each row's other fields where its key fields match, in statements of 500 rows. Never inserts. */
  update(table: string, key: readonly string[], rows: readonly Row[]): Promise<number>;
  /** Whether it has written anything so far. */
  readonly wrote: boolean;
  /** To append to a SELECT. Empty on SQLite, where one transaction runs at a time. */
  readonly forUpdate: string;
  readonly forUpdateSkipLocked: string;
  /** SQL for the database's own clock, ms since 1970: for leases, which must not trust a process's. */
  readonly databaseNowMs: string;
  // biome-ignore lint/suspicious/noExplicitAny: sequelize-typescript's own constraint
  model<M extends Model<any, any>>(model: ModelCtor<M>): BoundModel;
}

const ROWS_PER_STATEMENT = 500;
const DUPLICATE_ENTRY = 1062;

export class SessionTx implements Tx {
  wrote = false;
  readonly forUpdate: string;
  readonly forUpdateSkipLocked: string;
  readonly databaseNowMs: string;

  constructor(
    readonly dialect: Dialect,
    private readonly sequelize: Sequelize,
    private readonly session: Session,
    private readonly countStatement: (sql: string) => void,
    private readonly nowMs: (() => number) | undefined,
  ) {
    const locks = dialect === 'mysql';
    this.forUpdate = locks ? ' FOR UPDATE' : '';
    this.forUpdateSkipLocked = locks ? ' FOR UPDATE SKIP LOCKED' : '';
    this.databaseNowMs = locks
      ? 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS UNSIGNED)'
      : nowMs
        ? ':nowMs'
        : "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
  }

  async select(sql: string, replacements: Replacements = {}): Promise<Found[]> {
    return (await this.query(sql, replacements)).rows;
  }

  async execute(sql: string, replacements: Replacements = {}): Promise<number> {
    this.wrote = true;
    return (await this.query(sql, replacements)).affected;
  }

  async insert(
    table: string,
    rows: readonly Row[],
    { ignoreDuplicates = false }: { readonly ignoreDuplicates?: boolean } = {},
  ): Promise<number> {
    let inserted = 0;
    for (const { keys, values } of statementsOf(rows)) {
      const into = `${table} (${keys.map(snakeCase).join(', ')}) VALUES :values`;
      inserted += ignoreDuplicates
        ? await this.insertNew(into, values)
        : await this.execute(`INSERT INTO ${into}`, { values });
    }
    return inserted;
  }

  async update(table: string, key: readonly string[], rows: readonly Row[]): Promise<number> {
    let met = 0;
    for (const { keys, values } of statementsOf(rows)) {
      const columns = { key: key.map(snakeCase), all: keys.map(snakeCase) };
      const { sql, replacements } = multiRowUpdate(this.dialect, table, columns, values);
      met += await this.execute(sql, replacements);
    }
    return met;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as in the interface
  model<M extends Model<any, any>>(model: ModelCtor<M>): BoundModel {
    const repository = this.sequelize.getRepository(model);
    return {
      findAll: async (options) => {
        this.countStatement(`SELECT by ${model.name}`);
        const bound = { ...options, raw: true, transaction: this.session.transaction };
        return (await repository.findAll(bound)) as unknown as Found[];
      },
    };
  }

  /** INSERT IGNORE would also leave out rows that break a CHECK, in silence: so its warnings are read. */
  private async insertNew(into: string, values: unknown[][]): Promise<number> {
    this.wrote = true;
    if (this.dialect === 'sqlite') {
      return this.execute(`INSERT INTO ${into} ON CONFLICT DO NOTHING`, { values });
    }
    const { affected, warnings } = await this.query(`INSERT IGNORE INTO ${into}`, { values });
    if (warnings > 0) await this.refuseOtherWarnings();
    return affected;
  }

  private async refuseOtherWarnings(): Promise<void> {
    const { rows } = await this.query('SHOW WARNINGS', {});
    const other = rows.find((row) => row['Code'] !== DUPLICATE_ENTRY);
    if (other) throw new Error(`INSERT refused: ${String(other['Message'])}`);
  }

  private query(sql: string, replacements: Replacements) {
    this.countStatement(sql);
    return this.session.run(sql, { nowMs: this.nowMs?.(), ...replacements });
  }
}

function* statementsOf(rows: readonly Row[]) {
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const some = rows.slice(start, start + ROWS_PER_STATEMENT);
    const keys = Object.keys(some[0] ?? {});
    yield { keys, values: some.map((row) => keys.map((key) => fieldOf(row, key))) };
  }
}

function fieldOf(row: Row, key: string) {
  const value = row[key];
  if (value === undefined) throw new Error(`Every row of a statement needs the field ${key}`);
  return value;
}
