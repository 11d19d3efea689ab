import type { Invariant } from '../invariant';
import { PROVIDERS } from '../record';

/** Until the invariants are there. */
export const INVARIANTS: readonly Invariant[] = [
  {
    name: 'money/charged-once',
    meaning: 'each payment has taken money at most once, net of what went back',
    holds: 'at rest',
    violations: async (record) => {
      const attempts = await record.rows('billing', 'SELECT payment_id, reference FROM attempts');
      const paymentOf = new Map(
        attempts.map((row) => [row['reference'], String(row['paymentId'])]),
      );
      const taken = new Map<string, string[]>();
      for (const provider of PROVIDERS) {
        const { charges, refunds } = record.books[provider];
        for (const charge of charges.filter(({ status }) => status === 'succeeded')) {
          const back = refunds
            .filter((one) => one.paymentId === charge.id && one.status === 'succeeded')
            .reduce((sum, { amount }) => sum + amount, 0);
          const payment = paymentOf.get(charge.merchantReference) ?? charge.merchantReference;
          if (back < charge.amount) {
            taken.set(payment, [...(taken.get(payment) ?? []), charge.merchantReference]);
          }
        }
      }
      return [...taken]
        .filter(([, references]) => references.length > 1)
        .map(([payment, references]) => ({
          text: `payment ${payment} was charged as ${references.join(', ')}`,
          about: [payment],
        }));
    },
  },
];
