import type { Price } from '../record';

export interface Product {
  readonly name: string;
  readonly price: Price;
}

/** What the shop sells: mostly in one currency, so that charges combine, and in each kind of money. */
export const CATALOGUE: readonly Product[] = [
  { name: 'Cleansing balm', price: { amountMinor: 1250, currency: 'GBP' } },
  { name: 'Night cream', price: { amountMinor: 2400, currency: 'GBP' } },
  { name: 'Sun fluid', price: { amountMinor: 1999, currency: 'GBP' } },
  { name: 'Lip oil', price: { amountMinor: 1, currency: 'GBP' } },
  { name: 'Serum', price: { amountMinor: 3550, currency: 'EUR' } },
  { name: 'Hand soap', price: { amountMinor: 705, currency: 'EUR' } },
  { name: 'Rice toner', price: { amountMinor: 2800, currency: 'JPY' } },
  { name: 'Rose oil', price: { amountMinor: 12_505, currency: 'KWD' } },
];
