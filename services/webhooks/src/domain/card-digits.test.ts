import { maskCardDigits } from './card-digits';

// biome-ignore format: a table
test.each([
  ['a card number',                  'paid by 4111111111111111.',                'paid by ****************.'],
  ['in groups',                      '4111 1111-1111 1111',                      '**** ****-**** ****'],
  ['of 15 digits',                   '"378282246310005"',                        '"***************"'],
])('masks %s', (_, text, masked) => {
  expect(maskCardDigits(text)).toBe(masked);
});

test.each([
  ['digits whose check digit does not fit', '4111111111111112'],
  ['a shorter number', '411111111111'],
  ['a longer number', '41111111111111111111'],
  ['an id', '41111111-1111-4111-8111-411111111111'],
  ['an amount and a time', '{"amount":1250,"at":"2026-07-03T12:00:00.000Z"}'],
])('leaves %s', (_, text) => {
  expect(maskCardDigits(text)).toBe(text);
});
