import type { Database } from '@perennial/database';
import type { Account } from '../src/domain/account';
import { customerRow } from '../src/store/account-rows';
import { loadAccounts } from '../src/store/load-accounts';
import { saveAccounts } from '../src/store/save-accounts';
import { OneCustomer } from './one-customer';

export type Step = (customer: OneCustomer) => unknown;

const TABLES = [
  ...['accounts', 'methods', 'schedules', 'payments', 'cycles', 'attempts', 'refunds', 'captures'],
  ...['discrepancies', 'held_events', 'runs', 'reconciliations', 'reconciled_days'],
  ...['reconciliation_matches', 'reconciliation_findings'],
];

export function emptied(db: Database): Promise<void> {
  return db.transaction(async (tx) => {
    for (const table of TABLES) await tx.execute(`DELETE FROM ${table}`);
  });
}

/** What a customer goes through, each step decided and written in one transaction. */
export async function stored(db: Database, ...steps: readonly Step[]): Promise<OneCustomer> {
  const customer = new OneCustomer();
  const row = customerRow(customer.account.customer, null);
  await db.transaction((tx) => tx.insert('accounts', [row]));
  for (const step of steps) {
    const before = customer.account;
    step(customer);
    await saved(db, before, customer);
  }
  return customer;
}

export function saved(db: Database, before: Account, customer: OneCustomer): Promise<void> {
  const known = before.discrepancies;
  const after = { ...customer.account, discrepancies: [] };
  const found = customer.account.discrepancies.filter((one) => !known.includes(one));
  return db.transaction((tx) => saveAccounts([{ before, after }], found, customer.moment, tx));
}

/** Whole, with these of the payments that are over. */
export async function loaded(db: Database, paymentIds: readonly string[] = []): Promise<Account> {
  const [account] = await db.transaction((tx) => loadAccounts(['customer'], { paymentIds }, tx));
  if (!account) throw new Error('the account is not there');
  return account;
}
