import type { ToldCharge } from './told';

/** All that has been sent and heard about one attempt, or refund. */
export interface Known {
  /** Refuted: the answer to it was that it never arrived. */
  readonly sends: readonly { readonly at: number; readonly refuted: boolean }[];
  /** The last send before it was first heard that the provider has it; null: it never was. */
  readonly seenSince: number | null;
  readonly succeeded: boolean;
  readonly declined: boolean;
  readonly absent: boolean;
  /** When it was given up: it is not sent again. */
  readonly closedAt: number | null;
  readonly contrary: boolean;
}

const NOTHING: Known = {
  ...{ sends: [], seenSince: null, contrary: false },
  ...{ succeeded: false, declined: false, absent: false, closedAt: null },
};

/** What was sent and heard, by our reference. */
export class Memory {
  constructor(private readonly known = new Map<string, Known>()) {}

  fork(): Memory {
    return new Memory(new Map(this.known));
  }

  of(reference: string): Known {
    return this.known.get(reference) ?? NOTHING;
  }

  sent(reference: string, at: number): void {
    this.change(reference, ({ sends }) => ({ sends: [...sends, { at, refuted: false }] }));
  }

  /** `send`: counted from one. */
  refuted(reference: string, send: number): void {
    this.change(reference, ({ sends }) => ({
      sends: sends.map((one, index) => (index === send - 1 ? { ...one, refuted: true } : one)),
    }));
  }

  closed(reference: string, at: number): void {
    this.change(reference, () => ({ closedAt: at }));
  }

  heard({ reference, evidence: { outcome }, by, contrary }: ToldCharge): void {
    this.change(reference, (known) => ({
      seenSince: isThere(outcome)
        ? (known.seenSince ?? known.sends.at(-1)?.at ?? null)
        : known.seenSince,
      succeeded: known.succeeded || outcome === 'succeeded',
      declined: known.declined || outcome === 'declined',
      absent: known.absent || isAbsence(outcome, by),
      contrary: known.contrary || contrary,
    }));
  }

  private change(reference: string, next: (known: Known) => Partial<Known>): void {
    const known = this.of(reference);
    this.known.set(reference, { ...known, ...next(known) });
  }
}

/** Certainly not sent: the answer to a send says so, or an enquiry that finds nothing. */
export function isAbsence(outcome: string | undefined, by: string | undefined): boolean {
  return (
    (outcome === 'not_sent' && by === 'response') || (outcome === 'not_found' && by === 'enquiry')
  );
}

function isThere(outcome: string): boolean {
  return ['succeeded', 'declined', 'pending'].includes(outcome);
}
