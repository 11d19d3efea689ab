export { type Aurora, type AuroraOptions, createAurora } from './aurora/aurora';
export type {
  Ledger,
  LedgerCharge,
  Payment as AuroraPayment,
  Refund as AuroraRefund,
} from './aurora/books';
export type { Fault } from './aurora/token';
export { type Crm, createCrm, type SentMail } from './crm/crm';
