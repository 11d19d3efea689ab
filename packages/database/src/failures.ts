import { ConnectionError, UniqueConstraintError } from 'sequelize';

interface DriverError {
  readonly errno?: number;
  readonly code?: string;
  readonly message?: string;
}

/** Lock wait time-out and deadlock: the whole transaction is to be run again at once. */
const CONFLICTS = new Set([1205, 1213]);

const SQLITE_UNIQUE = new Set(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY']);

const CONNECTION_LOST = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
]);

export function isConflict(error: unknown): boolean {
  return driverErrors(error).some(({ errno }) => errno !== undefined && CONFLICTS.has(errno));
}

/** Somebody else has the value that a UNIQUE constraint allows once; `constraint` asks for a certain one. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const isUnique =
    error instanceof UniqueConstraintError ||
    driverErrors(error).some(({ code }) => code !== undefined && SQLITE_UNIQUE.has(code));
  if (!isUnique || constraint === undefined) return isUnique;
  return driverErrors(error).some(({ message }) => message?.includes(constraint) ?? false);
}

/** The database cannot be reached, or went away during the work: nothing is wrong with the work itself. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return driverErrors(error).some(({ code }) => code !== undefined && CONNECTION_LOST.has(code));
}

/** The error and those it was made from: Sequelize keeps the driver's in `parent`. */
function driverErrors(error: unknown): DriverError[] {
  if (!(error instanceof Error)) return [];
  const parent = 'parent' in error ? error.parent : undefined;
  return [error as DriverError, ...(parent === error ? [] : driverErrors(parent))];
}
