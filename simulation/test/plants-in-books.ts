import type { BookedCharge } from '../src/record';
import {
  addCharge,
  addRefund,
  alter,
  alterCharge,
  both,
  found,
  inTable,
  type Plant,
} from './planting';
import type { Planted } from './plants';

const anyone = () => true;
const isTaken = ({ status }: BookedCharge) => status === 'succeeded';

/** The books of all that time have been compared. */
const compared: Plant = inTable('billing', 'reconciliations', () => [
  {
    ...{ id: 'r', provider: 'aurora', status: 'done', nextActionAt: null },
    ...{ fromAt: '2026-01-01T00:00:00.000Z', toAt: '2027-01-01T00:00:00.000Z' },
  },
]);

/** Opened about the first charge in Aurora's books. */
function opened(kind: string, facts: (charge: BookedCharge) => object): Plant {
  return (record) => {
    const charge = found(record.books.aurora.charges, isTaken);
    const details = { reference: charge.merchantReference, ...facts(charge) };
    const row = { id: 'd', kind, state: 'open', paymentId: null, about: charge.id };
    const rest = { details: JSON.stringify(details), openedAt: record.now };
    return inTable('billing', 'discrepancies', (rows) => [...rows, { ...row, ...rest }])(record);
  };
}

export const PLANTS_IN_BOOKS: readonly Planted[] = [
  [
    'books/only-what-differs',
    'a status that is called another, and is the same',
    opened('status_differs', () => ({ status: 'succeeded', providerStatus: 'succeeded' })),
  ],
  [
    'books/only-what-differs',
    'a status that the provider never gave it',
    opened('status_differs', ({ id }) => ({
      ...{ status: 'succeeded', providerStatus: 'declined', providerReference: id },
    })),
  ],
  [
    'books/only-what-differs',
    'a charge that is called strange, and is ours',
    opened('missing_here', () => ({})),
  ],
  [
    'books/only-what-differs',
    'a charge that is said to be missing in books in which it is',
    opened('missing_there', () => ({ status: 'succeeded' })),
  ],
  [
    'books/all-that-differs',
    'a charge that nobody here knows',
    both(compared, addCharge(isTaken, { id: 'pay_strange', merchantReference: 'nobody' })),
  ],
  [
    'books/all-that-differs',
    'a second charge under one reference',
    both(compared, addCharge(isTaken, { id: 'pay_second' })),
  ],
  [
    'books/all-that-differs',
    'a charge that is not in the books',
    both(compared, alterCharge(isTaken, { merchantReference: 'another', status: 'failed' })),
  ],
  [
    'books/all-that-differs',
    'another sum than was asked for',
    both(compared, alterCharge(isTaken, { amount: 1 })),
  ],
  [
    'books/all-that-differs',
    'a decline of what was taken',
    both(
      compared,
      alter('billing', 'attempts', ({ status }) => status === 'succeeded', { status: 'declined' }),
    ),
  ],
  [
    'books/all-that-differs',
    'a refund that nobody here knows',
    both(compared, addRefund(anyone, { id: 're_strange', merchantReference: null })),
  ],
];
