import { z } from 'zod';

export const RsnCode = z.enum(['CUST', 'DUPL', 'FRAUD', 'NOSVC']);
type RsnCode = z.output<typeof RsnCode>;

/** In the ledger, reasons have the words that all providers' ledgers have. */
const REASON: Record<RsnCode, string> = {
  CUST: 'requested_by_customer',
  DUPL: 'duplicate',
  FRAUD: 'fraudulent',
  NOSVC: 'service_not_provided',
};

export function reasonOf(rsnCode: RsnCode): string {
  return REASON[rsnCode];
}

/** A reason that somebody made up in the dashboard goes out as it is. */
export function rsnCodeOf(reason: string): string {
  return RsnCode.options.find((code) => REASON[code] === reason) ?? reason;
}
