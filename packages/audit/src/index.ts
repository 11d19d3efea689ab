export type { AuditEntry, StoredEntry } from './entry';
export { auditMigrations } from './migrations';
export { sealer } from './sealer';
export { type HistoryEntry, history, latestEntries, writeAudit } from './store';
export { type Verification, verifyAudit } from './verify';
