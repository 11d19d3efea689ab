import type { Money } from '@perennial/contracts';
import type { ChargeEvidence, RefundEvidence } from '../../src/domain/evidence';

/** What is wrong, each in a sentence; empty: nothing. */
export type Violations = readonly string[];

export function unless(holds: boolean, sentence: string): Violations {
  return holds ? [] : [sentence];
}

type Evidence = ChargeEvidence | RefundEvidence;

export function expected(
  what: string,
  evidence: Evidence,
  ...allowed: readonly Evidence['outcome'][]
): Violations {
  const { outcome } = evidence;
  const detail = 'detail' in evidence ? ` (${evidence.detail})` : '';
  const sentence = `${what} is ${outcome}${detail}, not ${allowed.join(' or ')}`;
  return unless(allowed.includes(outcome), sentence);
}

/** What the ledger knows of a charge or refund. */
export interface Moved {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
}

/** By these we say that no money has moved, and act on it. */
const NOTHING_MOVED: Readonly<Record<Evidence['outcome'], boolean>> = {
  declined: true,
  failed: true,
  not_sent: true,
  not_found: true,
  refused: false,
  succeeded: false,
  pending: false,
  unknown: false,
};

/** Evidence against the ledger: never money that did not move, never silence about money that did. */
export function truth(
  what: string,
  evidence: Evidence,
  moved: readonly Moved[],
  asked: Money,
): Violations {
  const { outcome } = evidence;
  if (moved.length > 1) return [`${what}: money has moved ${moved.length} times`];
  if (NOTHING_MOVED[outcome]) {
    return unless(moved.length === 0, `${what} is ${outcome}, but money has moved`);
  }
  if (outcome !== 'succeeded') return [];
  const [one] = moved;
  if (!one) return [`${what} is succeeded, but no money has moved`];
  return [
    ...unless(
      evidence.providerReference === one.id,
      `${what} is told under ${evidence.providerReference}, not under ${one.id}`,
    ),
    ...sameMoney(what, evidence.amount ?? asked, asked),
    ...sameMoney(`${what}, in the ledger,`, moneyOf(one), asked),
  ];
}

export function sameMoney(what: string, told: Money, asked: Money): Violations {
  const same = told.amountMinor === asked.amountMinor && told.currency === asked.currency;
  const wrong = `${told.amountMinor} ${told.currency}, not ${asked.amountMinor} ${asked.currency}`;
  return unless(same, `${what} is of ${wrong}`);
}

function moneyOf({ amount: amountMinor, currency }: Moved): Money {
  return { amountMinor, currency };
}
