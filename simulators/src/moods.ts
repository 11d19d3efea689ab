import type { Instant } from '@perennial/calendar';

/** What becomes of charges and refunds where somebody decides it, instead of the words in tokens. */
export interface Moods {
  /** `charges`: how many were made with the card before this one. 0 ms: decided at once. */
  charge(
    token: string,
    charges: number,
  ): { readonly declineCode: string | null; readonly pendingMs: number };
  refund(token: string, refunds: number): { readonly fails: boolean; readonly pendingMs: number };
  /** Whether an enquiry does not see yet what was done a moment ago. */
  lags(token: string, createdAt: Instant): boolean;
}
