import fc from 'fast-check';

const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** What becomes of one call: of its request, of its answer, and of the process that made it. */
export type Fate =
  | 'answered'
  | 'answer lost'
  | 'killed after the send'
  | 'killed before the send'
  | 'never arrives'
  | 'refused'
  | 'turned away'
  | 'too fast'
  | 'error before work'
  | 'error after work';

export interface CallFate {
  readonly fate: Fate;
  /** From the send until the provider has done it. */
  readonly workMs: number;
  /** From the send until the caller has an answer, or gives up. */
  readonly answerMs: number;
  /** By so much longer it takes to write the answer down: a process that stood still. */
  readonly lateMs: number;
  /** Written once more, so much later. */
  readonly againMs: readonly number[];
}

/** What the provider makes of a charge that arrives. */
export interface Verdict {
  readonly outcome: 'captured' | 'declined';
  /** How long it is pending first. */
  readonly pendingMs: number;
  /** How long after the outcome each webhook comes; none: it is lost. */
  readonly webhooks: readonly number[];
  /** First the contrary is told, and the truth so long after the outcome. */
  readonly contrary: { readonly by: 'answer' | 'webhook'; readonly truthMs: number } | null;
  /** An enquiry does not see it, or a refund of it, as long as the sheet allows. */
  readonly hidden: boolean;
  /** How long a refund of it is pending first. */
  readonly refundMs: number;
}

export type Step =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'wait until something is due' }
  /** The process is down. `deaf`: messages wait as well, and answers are lost with it. */
  | { readonly do: 'be down'; readonly ms: number; readonly deaf: boolean }
  | { readonly do: 'run' }
  | { readonly do: 'lose the provider'; readonly ms: number; readonly fate: Fate }
  | { readonly do: 'lose the card'; readonly old: boolean; readonly cause: 'expired' | 'cancelled' }
  | { readonly do: 'take a card'; readonly old: boolean }
  | { readonly do: 'switch the provider' }
  | { readonly do: 'end now'; readonly which: number; readonly crossed: boolean }
  | { readonly do: 'end at the next date'; readonly which: number; readonly crossed: boolean }
  | { readonly do: 'take the end back'; readonly which: number }
  | { readonly do: 'erase' }
  | { readonly do: 'refund'; readonly part: number }
  | {
      readonly do: 'refund in the dashboard';
      readonly part: number;
      readonly webhooks: readonly number[];
    }
  | { readonly do: 'tell again'; readonly which: number };

export interface History {
  /** The day of purchase: a date in the middle, at the end of a month, and one before the clocks change. */
  readonly anchorDate: string;
  readonly subscriptions: number;
  readonly combineCharges: boolean;
  /** The billing date has not come yet when it begins. */
  readonly early: boolean;
  /** An answer of 5xx is kept under its key. */
  readonly keepsServerErrors: boolean;
  /** A repeated key gets the first answer again; else it is only said to be repeated. */
  readonly replays: boolean;
  /** An enquiry finds a charge that was declined. */
  readonly listsDeclines: boolean;
  readonly verdicts: readonly Verdict[];
  /** What comes of every charge after those. */
  readonly afterwards: Verdict['outcome'];
  /** Of the first calls; the others are answered. */
  readonly fates: readonly CallFate[];
  readonly steps: readonly Step[];
  /** Orders what is under way when the faults stop, and says what of it is told twice. */
  readonly order: readonly number[];
}

/** The first is the simplest: failures are shrunk to it. */
const among = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const short = among(0, 1, SECOND, 9 * SECOND, 20 * SECOND);
const long = among(
  ...[0, 1, 29_999, 30_000, 59_999, MINUTE, 5 * MINUTE, HOUR, 6 * HOUR],
  ...[DAY - MINUTE, DAY, 26 * HOUR, 2 * DAY, 3 * DAY, 6 * DAY],
);
const webhooks = fc.oneof(
  { weight: 3, arbitrary: among<readonly number[]>([], [0], [SECOND]) },
  { weight: 1, arbitrary: fc.array(long, { maxLength: 3 }) },
);

const rarely = <T>(usual: T, arbitrary: fc.Arbitrary<T>, weight = 9) =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary });

const callFate: fc.Arbitrary<CallFate> = fc.record({
  fate: among<Fate>(
    ...(['answered', 'answer lost', 'killed after the send', 'killed before the send'] as const),
    ...(['never arrives', 'refused', 'turned away', 'too fast'] as const),
    ...(['error before work', 'error after work', 'answered', 'answer lost'] as const),
  ),
  workMs: short,
  answerMs: short,
  lateMs: rarely(0, long),
  againMs: rarely<readonly number[]>([], fc.array(long, { minLength: 1, maxLength: 2 })),
});

const verdict: fc.Arbitrary<Verdict> = fc.record({
  outcome: among<Verdict['outcome']>('declined', 'captured'),
  pendingMs: rarely(0, long, 3),
  webhooks,
  contrary: rarely(
    null,
    fc.record({ by: among<'answer' | 'webhook'>('answer', 'webhook'), truthMs: long }),
    11,
  ),
  hidden: fc.boolean(),
  refundMs: rarely(0, long, 4),
});

const which = fc.nat(1);
const part = among(100, 60, 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: long }) },
  {
    weight: 4,
    arbitrary: fc.constant<Step>({ do: 'wait until something is due' }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('be down' as const), ms: long, deaf: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'run' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('lose the provider' as const),
      ms: long,
      fate: among<Fate>('refused', 'turned away', 'never arrives', 'answer lost'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('lose the card' as const),
      old: rarely(false, fc.boolean(), 4),
      cause: among<'expired' | 'cancelled'>('expired', 'cancelled'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('take a card' as const),
      old: rarely(false, fc.boolean(), 4),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'switch the provider' }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('end now' as const), which, crossed: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('end at the next date' as const),
      which,
      crossed: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take the end back' as const), which }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'erase' }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refund' as const), part }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('refund in the dashboard' as const), part, webhooks }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('tell again' as const), which: fc.nat(9) }) },
);

const free: fc.Arbitrary<History> = fc
  .record({
    anchorDate: among('2026-01-03', '2026-01-31', '2026-02-27'),
    subscriptions: rarely(1, fc.constant(2), 2),
    combineCharges: rarely(true, fc.constant(false)),
    early: rarely(false, fc.constant(true), 4),
    keepsServerErrors: fc.boolean(),
    replays: fc.boolean(),
    listsDeclines: fc.boolean(),
    verdicts: fc.array(verdict, { maxLength: 5 }),
    afterwards: among<Verdict['outcome']>('captured', 'declined'),
    fates: fc.array(callFate, { maxLength: 12 }),
    steps: fc.array(step, { maxLength: 12 }),
    order: fc.array(fc.nat(1_000), { maxLength: 6 }),
  })
  .map((drawn) => ({ ...drawn, listsDeclines: drawn.listsDeclines || !drawn.replays }));

type Twist = 'none' | 'a decline is heard of late' | 'a capture is called a decline';
const days = among(DAY, 26 * HOUR, 2 * DAY, 3 * DAY, 6 * DAY);

/** Everything that can happen around one payment; now and then begun in a way that seldom comes by chance. */
export const history: fc.Arbitrary<History> = fc
  .tuple(
    free,
    among<Twist>(
      ...(['none', 'none', 'none', 'none', 'none', 'none'] as const),
      ...(['a decline is heard of late', 'a capture is called a decline'] as const),
    ),
    verdict,
    fc.tuple(days, rarely(0, long, 1)),
  )
  .map(([drawn, twist, first, [truthMs, pendingMs]]) => {
    if (twist === 'none') return drawn;
    const [, second = first, ...others] = drawn.verdicts;
    const later = { ...second, pendingMs };
    return twist === 'a decline is heard of late'
      ? heardLate(drawn, [{ ...first, ...declinedAt(truthMs) }, later, ...others])
      : { ...drawn, verdicts: [{ ...first, ...capturedAt(truthMs) }, later, ...others] };
  });

/** Nobody hears of it, nor finds it, before its webhook comes. */
function heardLate(drawn: History, verdicts: History['verdicts']): History {
  const lost = { fate: 'answer lost', workMs: 0, answerMs: 0, lateMs: 0, againMs: [] } as const;
  const fates = [lost, ...drawn.fates.slice(1)];
  return { ...drawn, fates, verdicts, replays: true, listsDeclines: false };
}

function declinedAt(truthMs: number) {
  const outcome = 'declined' as const;
  return { outcome, pendingMs: 0, webhooks: [truthMs], contrary: null };
}

function capturedAt(truthMs: number) {
  const contrary = { by: 'answer' as const, truthMs };
  return { outcome: 'captured' as const, pendingMs: 0, webhooks: [], contrary };
}
