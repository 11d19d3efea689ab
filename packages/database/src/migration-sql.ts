import type { Dialect } from './tx';

const IDENTITY: Record<Dialect, string> = {
  mysql: 'BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY',
  sqlite: 'INTEGER PRIMARY KEY AUTOINCREMENT',
};

/** Text is compared byte by byte, so that MySQL agrees with SQLite about what is the same. */
const TABLE_OPTIONS: Record<Dialect, string> = {
  mysql: ' ENGINE=InnoDB CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  sqlite: '',
};

/** The file's statements for one dialect: `IDENTITY`, the type of a counting key, is spelled out. */
export function statementsOf(file: string, dialect: Dialect): string[] {
  return file
    .replace(/--[^\n]*/g, '')
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
    .map((statement) => statement.replace(/\bIDENTITY\b/g, IDENTITY[dialect]))
    .map((statement) => dropIndex(statement, dialect))
    .map((statement) =>
      statement.startsWith('CREATE TABLE') ? statement + TABLE_OPTIONS[dialect] : statement,
    );
}

/** SQLite knows an index by its name alone. */
function dropIndex(statement: string, dialect: Dialect): string {
  return dialect === 'sqlite' ? statement.replace(/^(DROP INDEX \w+) ON \w+$/, '$1') : statement;
}
