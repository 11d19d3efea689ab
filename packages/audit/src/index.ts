export type { AuditEntry, StoredEntry } from './entry';
export { foldAudit } from './fold';
export { auditMigrations } from './migrations';
export { sealer } from './sealer';
export { type HistoryEntry, history, writeAudit } from './store';
export { type Verification, verifyAudit } from './verify';
