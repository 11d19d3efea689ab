import { decimalsOf } from '@perennial/contracts';

/** `12.50` GBP is 1250: exactly as many decimals as the currency has. Null: not such an amount, or nothing. */
export function minorUnitsOf(sum: string, currency: string): number | null {
  const decimals = decimalsOf(currency);
  const fraction = decimals === 0 ? '' : `\\.\\d{${decimals}}`;
  if (!new RegExp(`^(0|[1-9]\\d*)${fraction}$`).test(sum)) return null;
  const amount = Number(sum.replace('.', ''));
  return Number.isSafeInteger(amount) && amount > 0 ? amount : null;
}
