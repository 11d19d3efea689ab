export { type Database, type DatabaseOptions, openDatabase } from './database';
export { isUnavailable, isUniqueViolation } from './failures';
export { migrate, migrationStatus } from './migrate';
export { explain, type PlanStep } from './plan';
export { dumpSchema } from './schema';
export type { BoundModel, Dialect, Row, Tx } from './tx';
