import { FAULTS } from '../faults';
import { ANSWERING, REFUSALS } from '../token';

/** `96`: charged, and told of as a malfunction; `unknown_st`: the bank does not know itself yet. */
export const BANK_ANSWERING = [...ANSWERING, '96', '96_after', 'unknown_st'] as const;
export type BankAnswering = (typeof BANK_ANSWERING)[number];

export const BANK_REFUSALS = ['session_loss', ...REFUSALS, '96_before'] as const;
export type BankRefusal = (typeof BANK_REFUSALS)[number];

export const BANK_FAULTS = [...FAULTS, 'session_loss', '96', '96_before', 'unknown_st'] as const;
export type BankFault = (typeof BANK_FAULTS)[number];
