import { z } from 'zod';
import type { Plan } from '../oracle/plan';

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

/** `2 × Night cream: 48.00 GBP` */
export function boughtText({ purchase, amountMinor, currency }: Plan): string {
  const { quantity, productName } = purchase;
  const what = quantity === 1 ? productName : `${quantity} × ${productName}`;
  return `${what}: ${priceText(amountMinor, currency)}`;
}

/** What is listed in a mail. */
export function linesIn(text: string): readonly string[] {
  return [...text.matchAll(/^- (.*)$/gm)].map(([, line]) => line ?? '');
}

/** A mail without what it lists. */
export function proseIn(text: string): string {
  return text.replace(/^- .*$/gm, '');
}

/** Whether that is there, and nothing else. */
export function isOnly(wanted: string, found: readonly string[]): boolean {
  return found.length > 0 && found.every((one) => one === wanted);
}

export function amountsIn(text: string): readonly string[] {
  return text.match(/\d+(?:\.\d+)? [A-Z]{3}\b/g) ?? [];
}

const DATE = new RegExp(`\\d+ (?:${MONTHS.join('|')}) \\d{4}`, 'g');

export function datesIn(text: string): readonly string[] {
  return text.match(DATE) ?? [];
}

/** The words of an html page, without its head. */
export function wordsOf(html: string): string {
  const body = html.replace(/^[\s\S]*<body[^>]*>/, '').replace(/<[^>]*>/g, ' ');
  const read = body.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
  return read.replace(/\s+/g, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/** What of a mail's facts it is judged by. */
export const CardLostSaid = z.object({
  subscriptionId: z.string(),
});
