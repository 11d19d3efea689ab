import type { Money } from '@perennial/contracts';
import { type Account, withPayment } from './account';
import { type Matter, opened } from './matter';
import { type Attempt, withAttempt } from './payment';
import { refundedMinor } from './refund';

/** The first other sum that the provider names is what was taken: as much can go back, and no more. */
export function asTaken(attempt: Attempt, told: Money | undefined): Attempt {
  const { amount, capturedMinor } = attempt;
  if (!told || told.currency !== amount.currency || capturedMinor !== null) return attempt;
  return told.amountMinor === amount.amountMinor
    ? attempt
    : { ...attempt, capturedMinor: told.amountMinor };
}

/** A success is told again, perhaps for the first time with its amount. */
export function amountTold(matter: Matter, told: Money | undefined): Account {
  const { account, payment, attempt } = matter;
  const taken = asTaken(attempt, told);
  const known = refundedMinor(account.refunds, attempt.id);
  const fits = taken !== attempt && (taken.capturedMinor ?? 0) >= known;
  const next = fits ? withPayment(account, withAttempt(payment, taken)) : account;
  return amountDiffers({ ...matter, account: next }, told);
}

/** The money moved all the same: a person has to look why it was another sum. */
export function amountDiffers(matter: Matter, told: Money | undefined): Account {
  const { amountMinor, currency } = matter.attempt.amount;
  if (!told || (told.amountMinor === amountMinor && told.currency === currency)) {
    return matter.account;
  }
  const kind = told.currency === currency ? 'amount_differs' : 'currency_differs';
  const { amountMinor: providerAmountMinor, currency: providerCurrency } = told;
  return opened(matter, kind, { amountMinor, currency, providerAmountMinor, providerCurrency });
}
