export type { AuditEntry, StoredEntry } from './entry';
export { auditMigrations } from './migrations';
export { sealer } from './sealer';
export { HistoryEntry, history, latestEntries, writeAudit } from './store';
export { type Verification, verifyAudit } from './verify';
