import { moneyOf } from './amount';

test.each([
  ['12.50', 'GBP', 1250],
  ['12.5', 'GBP', 1250],
  ['12', 'GBP', 1200],
  ['0.01', 'GBP', 1],
  ['0.29', 'GBP', 29],
  ['1.15', 'GBP', 115],
  ['4.35', 'USD', 435],
  ['1250', 'JPY', 1250],
  ['1.234', 'KWD', 1234],
  ['1.2', 'KWD', 1200],
  ['90071992547.99', 'GBP', 9007199254799],
  ['999999999999.999', 'KWD', 999999999999999],
])('%s %s is %i', (sum, currency, amountMinor) => {
  expect(moneyOf(sum, currency)).toEqual({ amountMinor, currency });
});

test.each([
  ['an exponent', '1e3'],
  ['a sign', '+1'],
  ['a minus', '-1'],
  ['nothing before the point', '.5'],
  ['nothing after the point', '5.'],
  ['groups of digits', '1,000.00'],
  ['a comma for the point', '1,50'],
  ['too many decimals', '1.005'],
  ['too many decimals, though of zero', '1.500'],
  ['decimals of a currency that has none', '100.0', 'JPY'],
  ['four decimals', '1.2345', 'KWD'],
  ['a zero in front', '01.00'],
  ['spaces', ' 1.00'],
  ['a line end', '1.00\n'],
  ['another base', '0x10'],
  ['infinity', 'Infinity'],
  ['nothing', ''],
  ['no money', '0.00'],
  ['digits of another script', '١٢'],
  ['more than a price', '1000000000000'],
])('a sum with %s is none', (_, sum, currency = 'GBP') => {
  expect(moneyOf(sum, currency)).toBeNull();
});
