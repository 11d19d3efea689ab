import type { Instant } from '@perennial/calendar';
import { compareCharge, strangeCharge } from '../../domain/charge-comparison';
import { type Names, paired } from '../../domain/pairing';
import type {
  Compared,
  Finding,
  OurCharge,
  OurRefund,
  TheirCharge,
  TheirRefund,
} from '../../domain/reconciliation';
import { compareRefund, strangeRefund } from '../../domain/refund-comparison';
import type { Settling } from './settle';

/** What came of comparing some of theirs with what we know of them. */
export interface Comparison {
  readonly findings: readonly Finding[];
  readonly settlings: readonly Settling[];
  readonly doubts: readonly Doubt[];
  /** Those of ours that were shown. */
  readonly charges: readonly OurCharge[];
  readonly refunds: readonly OurRefund[];
}

/** To be asked about before anything is said. */
export type Doubt =
  | { readonly kind: 'charge'; readonly ours: OurCharge }
  | { readonly kind: 'refund'; readonly ours: OurRefund };

export interface Look {
  readonly provider: string;
  readonly now: Instant;
  /** Nothing is in doubt any more: what was, has been asked about. */
  readonly asked: boolean;
}

export function compareCharges(
  ours: readonly OurCharge[],
  theirs: readonly TheirCharge[],
  { provider, now, asked }: Look,
): Comparison {
  const { findings, told, doubtful, met } = compareAll(ours, theirs, {
    namesOf: ({ attempt }) => attempt,
    compare: (one, shown) => compareCharge(one, shown, now, { asked }),
    strange: (one) => strangeCharge(provider, one),
  });
  const kind = 'charge';
  return {
    findings,
    settlings: told.map((one) => ({ kind, ...one })),
    doubts: doubtful.map((one) => ({ kind, ours: one })),
    charges: met,
    refunds: [],
  };
}

export function compareRefunds(
  ours: readonly OurRefund[],
  theirs: readonly TheirRefund[],
  { provider, now, asked }: Look,
): Comparison {
  const { findings, told, doubtful, met } = compareAll(ours, theirs, {
    namesOf: ({ refund: { providerReference, request } }) => ({
      providerReference,
      reference: request?.reference ?? null,
    }),
    compare: (one, shown) => compareRefund(one, shown, now, { asked }),
    strange: (one) => strangeRefund(provider, one),
  });
  const kind = 'refund';
  return {
    findings,
    settlings: told.map((one) => ({ kind, ...one })),
    doubts: doubtful.map((one) => ({ kind, ours: one })),
    charges: [],
    refunds: met,
  };
}

export function together(one: Comparison, other: Comparison): Comparison {
  return {
    findings: [...one.findings, ...other.findings],
    settlings: [...one.settlings, ...other.settlings],
    doubts: [...one.doubts, ...other.doubts],
    charges: [...one.charges, ...other.charges],
    refunds: [...one.refunds, ...other.refunds],
  };
}

interface Rules<Ours, Theirs> {
  namesOf(ours: Ours): Names;
  compare(ours: Ours, theirs: readonly Theirs[]): Compared<Theirs>;
  strange(theirs: Theirs): Finding[];
}

function compareAll<Ours, Theirs extends Names>(
  ours: readonly Ours[],
  theirs: readonly Theirs[],
  { namesOf, compare, strange }: Rules<Ours, Theirs>,
) {
  const { pairs, strangers } = paired(ours, theirs, namesOf);
  const compared = pairs.map((pair) => ({
    ours: pair.ours,
    result: compare(pair.ours, pair.theirs),
  }));
  const oursOf = (which: (result: Compared<Theirs>) => boolean) =>
    compared.filter(({ result }) => which(result)).map((one) => one.ours);
  return {
    findings: [
      ...compared.flatMap(({ result }) => result.findings),
      ...strangers.flatMap((one) => strange(one)),
    ],
    told: compared.flatMap(({ ours: one, result: { told } }) =>
      told ? [{ ours: one, theirs: told }] : [],
    ),
    doubtful: oursOf(({ inDoubt }) => inDoubt),
    met: oursOf(({ met }) => met),
  };
}
