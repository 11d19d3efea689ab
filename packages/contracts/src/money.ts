import { z } from 'zod';

/** Decimal places of the ISO 4217 currencies that do not have two. */
const EXPONENTS: Record<string, number> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0,
  UGX: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
}; // biome-ignore format: a table

const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF ' +
  'CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL ' +
  'HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT ' +
  'MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB ' +
  'SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH ' +
  'USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG';

const CURRENCIES = new Set([...Object.keys(EXPONENTS), ...TWO_DECIMALS.split(' ')]);

export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'expected a currency code of three capital letters')
  .refine((code) => CURRENCIES.has(code), 'not an ISO 4217 currency');

/** An amount in minor units (pence, yen, fils): always an integer, never negative. */
export const Money = z.object({
  amountMinor: z.int().nonnegative(),
  currency: Currency,
});
export type Money = z.infer<typeof Money>;

/** Decimal places: GBP 2, JPY 0, KWD 3. */
export function decimalsOf(currency: string): number {
  return EXPONENTS[currency] ?? 2;
}

/** The amount as a decimal, exact: 1250 GBP is `12.50`, 1250 JPY is `1250`. */
export function decimalText({ amountMinor, currency }: Money): string {
  const decimals = decimalsOf(currency);
  if (decimals === 0) return String(amountMinor);
  const digits = String(amountMinor).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
