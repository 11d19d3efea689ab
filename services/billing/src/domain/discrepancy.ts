import type { Instant } from '@perennial/calendar';
import type { DiscrepancyKind } from '@perennial/contracts';

/** Something that does not agree and that a person has to look at. */
export interface Discrepancy {
  readonly id: string;
  readonly kind: DiscrepancyKind;
  readonly provider: string;
  readonly paymentId: string | null;
  /** The same trouble is reported once, however often it is seen: kind and this are unique. */
  readonly about: string;
  readonly details: Readonly<Record<string, string | number | null>>;
  readonly openedAt: Instant;
}
