export { type Aurora, type AuroraOptions, createAurora } from './aurora/aurora';
export type {
  Ledger,
  LedgerCharge,
  Payment as AuroraPayment,
  Refund as AuroraRefund,
} from './books';
export { type Crm, createCrm, type SentMail } from './crm/crm';
export type { Fault } from './faults';
