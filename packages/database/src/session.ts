import type { Transaction } from 'sequelize';
import type { Sequelize } from 'sequelize-typescript';
import type { Dialect } from './tx';

export type Found = Record<string, unknown>;
export type Replacements = Readonly<Record<string, unknown>>;

export interface Outcome {
  /** By the names of their columns in camelCase. */
  readonly rows: Found[];
  /** Rows that the statement met. */
  readonly affected: number;
  readonly warnings: number;
}

/** One open transaction on one connection. */
export interface Session {
  run(sql: string, replacements: Replacements): Promise<Outcome>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** For models; null: there is one connection, and it is in the transaction. */
  readonly transaction: Transaction | null;
}

/** Where sessions come from. */
export interface Connector {
  readonly dialect: Dialect;
  readonly sequelize: Sequelize;
  begin(): Promise<Session>;
  close(): Promise<void>;
}
