import { z } from 'zod';

/** How mails write what the oracle knows as numbers. */

const DECIMALS: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, KWD: 3, BHD: 3 };
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** `12.50 GBP` */
export function priceText(amountMinor: number, currency: string): string {
  const decimals = DECIMALS[currency] ?? 2;
  const digits = String(amountMinor).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const rest = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return `${whole}${rest} ${currency}`;
}

/** `3 February 2026` */
export function longDate(date: string): string {
  const [year, month, day] = date.split('-').map(Number);
  return `${day} ${MONTHS[(month ?? 1) - 1]} ${year}`;
}

/** What of a mail's facts it is judged by. */
export const CardLostSaid = z.object({
  subscriptionId: z.string(),
});
