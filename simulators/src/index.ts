export { type Aurora, type AuroraOptions, createAurora } from './aurora/aurora';
export type {
  Ledger,
  LedgerCharge,
  Payment as AuroraPayment,
  Refund as AuroraRefund,
} from './books';
export { type Borealis, type BorealisOptions, createBorealis } from './borealis/borealis';
export type { BankFault } from './borealis/words';
export { type Crm, createCrm, type SentMail } from './crm/crm';
export type { Fault } from './faults';
export type { Moods } from './moods';
export { type Post, poster } from './post';
