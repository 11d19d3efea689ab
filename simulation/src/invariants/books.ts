import { z } from 'zod';
import type { Invariant, Violation } from '../invariant';
import type { BookedCharge, BookedRefund } from '../record';
import { atRest, byAllClocks, violation } from './judging';
import type { Picture } from './picture';
import type { AttemptRow, Tables } from './tables';

export const bookInvariants: readonly Invariant[] = [
  atRest(
    'books/only-what-differs',
    "What is called a difference between our books and a provider's is one.",
    onlyWhatDiffers,
  ),
  atRest(
    'books/all-that-differs',
    "Whatever differs between our books and a provider's is shown, once they have been compared.",
    allThatDiffers,
  ),
];

type Discrepancy = Tables['billing']['discrepancies'][number];
type Reconciliation = Tables['billing']['reconciliations'][number];

/** What both sides said; absent where one of them did not know of it. */
const Details = z.object({
  ...{ status: z.string().nullish(), amountMinor: z.number().nullish() },
  ...{ currency: z.string().nullish(), reference: z.string().nullish() },
  ...{ providerStatus: z.string().nullish(), providerAmountMinor: z.number().nullish() },
  ...{ providerCurrency: z.string().nullish(), providerReference: z.string().nullish() },
  paymentReference: z.string().nullish(),
});
type Details = z.output<typeof Details>;

function* onlyWhatDiffers(picture: Picture): Iterable<Violation> {
  for (const discrepancy of picture.billing.discrepancies) {
    const { kind, about, openedAt } = discrepancy;
    const isReal = REAL[kind];
    if (!isReal) continue;
    const details = Details.parse(JSON.parse(discrepancy.details));
    if (isReal(details, discrepancy, picture) && isSaidThere(details, picture)) continue;
    yield violation(
      `${kind} was opened at ${openedAt} about ${about}, and there is none: ${discrepancy.details}`,
      ...[about, discrepancy.paymentId ?? about],
    );
  }
}

const IN_BOOKS: Readonly<Record<string, BookedCharge['status']>> = {
  ...{ succeeded: 'succeeded', declined: 'failed', failed: 'failed' },
};

/** Whether the provider's books do say what they are said to say; what is not final may have changed. */
function isSaidThere(details: Details, { record: { books } }: Picture): boolean {
  const { providerReference, providerStatus, providerAmountMinor } = details;
  const status = IN_BOOKS[providerStatus ?? ''];
  if (providerReference == null || status === undefined) return true;
  return Object.values(books)
    .flatMap(({ charges, refunds }) => [...charges, ...refunds])
    .some(
      (one) =>
        one.id === providerReference &&
        one.status === status &&
        (providerAmountMinor ?? one.amount) === one.amount,
    );
}

type Real = (details: Details, discrepancy: Discrepancy, picture: Picture) => boolean;

const REAL: Readonly<Record<string, Real>> = {
  status_differs: (details) => details.status !== details.providerStatus,
  amount_differs: (details) => details.amountMinor !== details.providerAmountMinor,
  currency_differs: (details) => details.currency !== details.providerCurrency,
  refund_differs: isOtherRefund,
  missing_here: ({ reference, providerReference }, _, { billing }) =>
    !billing.attempts.some(
      (attempt) =>
        attempt.reference === reference || attempt.providerReference === providerReference,
    ),
  missing_there: ({ reference }, { openedAt }, { record: { books } }) =>
    !Object.values(books)
      .flatMap(({ charges, refunds }) => [...charges, ...refunds])
      .some((one) => one.merchantReference === reference && one.createdAt < openedAt),
};

/** Of one that only they know, what nobody here had heard of by then is the difference. */
function isOtherRefund(details: Details, discrepancy: Discrepancy, { billing }: Picture): boolean {
  const { providerReference, paymentReference, providerAmountMinor, providerCurrency } = details;
  if (details.status == null) {
    const known = billing.refunds.find((one) => one.providerReference === providerReference);
    return !known || byAllClocks(byAllClocks(known.createdAt)) >= discrepancy.openedAt;
  }
  const ours = billing.refunds.find(({ id }) => discrepancy.about.startsWith(id));
  const capture = billing.attempts.find(({ id }) => id === ours?.attemptId)?.providerReference;
  return (
    details.status !== details.providerStatus ||
    (providerAmountMinor != null && providerAmountMinor !== details.amountMinor) ||
    (providerCurrency != null && providerCurrency !== details.currency) ||
    (paymentReference != null && paymentReference !== capture)
  );
}

function* allThatDiffers(picture: Picture): Iterable<Violation> {
  const { billing, record } = picture;
  const shown = new Set(billing.discrepancies.map(nameOf));
  for (const [provider, { charges, refunds }] of Object.entries(record.books)) {
    const compared = billing.reconciliations.filter(
      (one) => one.provider === provider && one.status === 'done',
    );
    const ours = billing.refunds.filter((refund) => refund.provider === provider);
    const differences = [
      ...charges.filter(isIn(compared)).flatMap((one) => chargeDiffers(one, provider, picture)),
      ...refunds.filter(isIn(compared)).flatMap((one) => refundDiffers(one, provider, ours)),
      ...billing.attempts
        .filter((attempt) => attempt.provider === provider && attempt.status === 'succeeded')
        .filter(({ startedAt }) => isIn(compared)({ createdAt: startedAt }))
        .filter((attempt) => picture.chargesOf(attempt).length === 0)
        .map(({ id }) => `missing_there ${id}`),
    ];
    for (const difference of new Set(differences)) {
      if (shown.has(difference)) continue;
      yield violation(`nobody was shown ${difference}`, difference.split(' ')[1] ?? '');
    }
  }
}

/** What a status was and is may have changed since. */
function nameOf({ kind, about }: Discrepancy): string {
  return `${kind} ${kind === 'status_differs' ? about.split(':')[0] : about}`;
}

/** Whether the books of its time were compared. */
function isIn(compared: readonly Reconciliation[]) {
  return ({ createdAt }: { readonly createdAt: string }) =>
    compared.some(({ fromAt, toAt }) => fromAt <= createdAt && createdAt < toAt);
}

/** Of money that did not move it does not matter what is said of it. */
function chargeDiffers(charge: BookedCharge, provider: string, picture: Picture): string[] {
  if (charge.status !== 'succeeded') return [];
  const [attempt] = picture.attemptsByReference(charge);
  if (!attempt) return [`missing_here ${provider}:${charge.id}`];
  const { id, providerReference, status } = attempt;
  if (providerReference !== null && providerReference !== charge.id) {
    return [`duplicate_charge ${provider}:${charge.id}`];
  }
  if (status === 'declined') return [`status_differs ${id}`];
  return sumDiffers(charge, attempt) ? [`amount_differs ${id}`] : [];
}

function sumDiffers({ amount, currency }: BookedCharge, attempt: AttemptRow): boolean {
  return currency === attempt.currency && amount !== attempt.amountMinor;
}

function refundDiffers(
  { id, merchantReference, status }: BookedRefund,
  provider: string,
  ours: Tables['billing']['refunds'],
): string[] {
  if (status !== 'succeeded') return [];
  const isKnown = ours.some(
    ({ providerReference, reference }) =>
      providerReference === id || (reference !== null && reference === merchantReference),
  );
  return isKnown ? [] : [`refund_differs ${provider}:${id}`];
}
