import { attempt, refund } from '../../test/one-attempt';
import { OneCustomer } from '../../test/one-customer';
import { RefundRow, refundRow } from '../store/refund-rows';
import { ToldCaptures } from './captures';
import { entities } from './entities';

/** What an entry of this kind says that the tables hold. */
const told = (type: string, facts: object) => {
  const entity = entities.find((one) => one.type === type);
  return entity?.rowsOf(JSON.stringify(facts), new ToldCaptures()) ?? [];
};

describe('An audit entry from before', () => {
  const { payment } = new OneCustomer().buys('s', { on: '2026-01-03' }).runsOn('2026-02-03').paid();

  test.each([
    ['attempts said which cycles they ask for', 'items'],
    ['attempts said what was taken', 'capturedMinor'],
  ])('%s holds that column empty', (_, name) => {
    const { [name as keyof typeof attempt]: _gone, ...older } = attempt;
    const rows = told('payment', { ...payment, attempts: [older] });
    const found = rows.filter(({ table }) => table === 'attempts').map(({ row }) => row);
    expect(found).toMatchObject([{ [name]: null }]);
  });

  test('refunds said their key holds it empty, and to the rules the key is the refund’s id', () => {
    const { reference, body } = refund.request ?? {};
    const [older] = told('refund', { ...refund, request: { reference, body } });
    expect(older?.row).toMatchObject({ reference, idempotencyKey: null });
    expect(RefundRow.parse(older?.row).request).toEqual({ reference, key: refund.id, body });
  });

  test('and of today: a key of its own', () => {
    expect(RefundRow.parse(refundRow(refund)).request).toEqual(refund.request);
  });
});
