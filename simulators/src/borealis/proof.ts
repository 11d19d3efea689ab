import { createHmac } from 'node:crypto';

export interface LogIn {
  readonly partnerCode: string;
  readonly nonce: string;
  /** Epoch seconds. */
  readonly ts: number;
}

/** What shows, in either direction, that one knows the secret. */
export function proofOf(secret: string, { partnerCode, nonce, ts }: LogIn): string {
  return createHmac('sha256', secret).update(`${partnerCode}|${nonce}|${ts}`).digest('hex');
}
