import { OneCustomer, sheet } from '../../test/one-customer';
import { referenceOf } from './moment';

describe('Our reference of a charge or refund', () => {
  const id = '0190a1b2-1234-7abc-8def-123456789abc';

  test.each([
    [64, '0190a1b212347abc8def123456789abc'],
    [32, '0190a1b212347abc8def123456789abc'],
    [31, '190a1b212347abc8def123456789abc'],
    [12, '123456789abc'],
  ])('of at most %i characters is the end of its id', (referenceLength, reference) => {
    expect(referenceOf(id, { ...sheet, referenceLength })).toBe(reference);
  });

  test('is as long as the sheet of its provider allows, for charges and for refunds', () => {
    const customer = new OneCustomer().buys('s', { on: '2026-01-03' });
    customer.sheets['aurora'] = { referenceLength: 2 };
    customer.runsOn('2026-02-03').paid().refunds({ form: 'all' });
    const [refund] = customer.account.refunds;
    const references = [customer.lastAttempt.reference, refund?.request?.reference];
    expect(references.map((reference) => reference?.length)).toEqual([2, 2]);
    expect(JSON.parse(refund?.request?.body ?? '')).toMatchObject({ reference: references[1] });
  });
});
