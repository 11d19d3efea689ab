import { decimalsOf, type Money } from '@perennial/contracts';

/** Digits before the point; more is no price of anybody's. */
const MOST_DIGITS = 12;

/** "12.50" GBP is 1250: digit by digit, never by way of a float. Null: no exact amount of that currency. */
export function moneyOf(sum: string, currency: string): Money | null {
  const [, whole, fraction = ''] = /^(0|[1-9]\d*)(?:\.(\d+))?$/.exec(sum) ?? [];
  const decimals = decimalsOf(currency);
  if (whole === undefined || whole.length > MOST_DIGITS || fraction.length > decimals) return null;
  const amountMinor = Number(whole + fraction.padEnd(decimals, '0'));
  return amountMinor > 0 ? { amountMinor, currency } : null;
}
