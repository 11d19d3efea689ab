import { decimalText } from '@perennial/contracts';
import { moneyOf } from './amounts';

// biome-ignore format: a table
test.each<[string, string, string, number | null]>([
  ['pounds and pence',                        '12.50',            'GBP', 1_250],
  ['what no float can hold',                  '0.29',             'GBP', 29],
  ['and times a hundred is not whole',        '1.15',             'GBP', 115],
  ['pounds alone',                            '12',               'GBP', 1_200],
  ['a single digit of pence',                 '12.5',             'GBP', 1_250],
  ['a penny',                                 '0.01',             'GBP', 1],
  ['yen have no decimals',                    '1250',             'JPY', 1_250],
  ['dinars have three',                       '1.250',            'KWD', 1_250],
  ['the most that is believed',               '999999999999.99',  'GBP', 99_999_999_999_999],
  ['one digit more',                          '1000000000000.00', 'GBP', null],
  ['half a penny',                            '12.505',           'GBP', null],
  ['a thousandth of a pound, though none',    '12.500',           'GBP', null],
  ['decimals of yen',                         '1250.00',          'JPY', null],
  ['nothing',                                 '0.00',             'GBP', null],
  ['less than nothing',                       '-12.50',           'GBP', null],
  ['more than a sum',                         '+12.50',           'GBP', null],
  ['a comma',                                 '12,50',            'GBP', null],
  ['thousands',                               '1,250.00',         'GBP', null],
  ['a float in disguise',                     '1.25e1',           'GBP', null],
  ['hexadecimal',                             '0x10',             'GBP', null],
  ['a leading zero',                          '012.50',           'GBP', null],
  ['a point and nothing after it',            '12.',              'GBP', null],
  ['nothing before the point',                '.50',              'GBP', null],
  ['a space',                                 ' 12.50',           'GBP', null],
  ['a line more',                             '12.50\n',          'GBP', null],
  ['digits of another script',                '१२.५०',            'GBP', null],
  ['no text',                                 '',                 'GBP', null],
])('%s: %s %s', (_, sum, currency, amountMinor) => {
  expect(moneyOf(sum, currency)).toEqual(amountMinor === null ? null : { amountMinor, currency });
});

test.each(['GBP', 'JPY', 'KWD'])('what we write in %s is read as what it was', (currency) => {
  for (const amountMinor of [1, 9, 10, 99, 100, 999, 1_000, 1_001, 123_456_789]) {
    const money = { amountMinor, currency };
    expect(moneyOf(decimalText(money), currency)).toEqual(money);
  }
});
