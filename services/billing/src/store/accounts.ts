import { type AuditEntry, writeAudit } from '@perennial/audit';
import type { Announcement, Cause, Ids } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import type { Account } from '../domain/account';
import { changesBetween } from '../domain/changes';
import type { Discrepancy } from '../domain/discrepancy';
import type { Moment } from '../domain/moment';
import { captures } from '../domain/payment';
import { wakeEvents } from './held-events';
import { loadAccounts, type Matters } from './load-accounts';
import { type Decided, saveAccounts } from './save-accounts';

/** Accounts locked in one transaction: decided about one by one, in pure code, and written together. */
export class Accounts {
  private readonly decided = new Map<string, { before: Account; after: Account }>();
  private readonly announcements: Announcement[] = [];
  private readonly audit: AuditEntry[] = [];
  private readonly discrepancies: Discrepancy[] = [];

  private constructor(
    private readonly known: ReadonlyMap<string, Account>,
    private readonly reported: Set<string>,
    private readonly tx: Tx,
  ) {}

  /** Locks them in the order of their ids; those that are not known are made. */
  static async lock(customerIds: readonly string[], matters: Matters, tx: Tx): Promise<Accounts> {
    const ids = [...new Set(customerIds)].sort();
    if (ids.length > 0) await lockRows(ids, tx);
    return Accounts.ofLocked(ids, matters, tx);
  }

  /** Of rows that this transaction has locked already. */
  static async ofLocked(ids: readonly string[], matters: Matters, tx: Tx): Promise<Accounts> {
    const accounts = await loadAccounts(ids, matters, tx);
    const known = new Map(accounts.map((account) => [account.customer.id, account]));
    const paymentIds = accounts.flatMap(({ payments }) => payments.map(({ id }) => id));
    return new Accounts(known, await reportedAbout(paymentIds, tx), tx);
  }

  get(customerId: string): Account {
    const account = this.decided.get(customerId)?.after ?? this.known.get(customerId);
    if (!account) throw new Error(`Account ${customerId} is not locked`);
    return account;
  }

  /** Applies a rule to one account and returns what follows; a rule that changes nothing writes nothing. */
  decide(
    customerId: string,
    cause: Cause,
    moment: Moment,
    rule: (account: Account) => Account,
  ): Account {
    const current = this.get(customerId);
    const next = this.withoutKnownTrouble(rule(current));
    const changes = changesBetween(current, next, cause, moment);
    this.announcements.push(...changes.announcements);
    this.audit.push(...changes.audit);
    this.discrepancies.push(...changes.account.discrepancies);
    const before = this.decided.get(customerId)?.before ?? current;
    this.decided.set(customerId, { before, after: { ...changes.account, discrepancies: [] } });
    return changes.account;
  }

  /** Returns what is to be announced in the same transaction. */
  async save(moment: Moment, ids: Ids): Promise<readonly Announcement[]> {
    const decided = [...this.decided.values()];
    if (decided.length === 0) return [];
    await saveAccounts(decided, this.discrepancies, moment, this.tx);
    await wakeEvents(decided.flatMap(newCaptures), moment.now, this.tx);
    await writeAudit(this.audit, this.tx, ids);
    return this.announcements;
  }

  /** The same trouble is reported once, however often it is met. */
  private withoutKnownTrouble(account: Account): Account {
    const fresh = account.discrepancies.filter((one) => !this.reported.has(keyOf(one)));
    for (const one of fresh) this.reported.add(keyOf(one));
    return { ...account, discrepancies: fresh };
  }
}

function newCaptures({ before, after }: Decided) {
  const known = new Set(before.payments.flatMap(captures).map(({ id }) => id));
  return after.payments.flatMap(captures).filter(({ id }) => !known.has(id));
}

function keyOf({ kind, about }: { kind: string; about: string }): string {
  return `${kind} ${about}`;
}

async function lockRows(ids: readonly string[], tx: Tx): Promise<void> {
  const sql = `SELECT customer_id FROM accounts WHERE customer_id IN (:ids) ORDER BY customer_id${tx.forUpdate}`;
  const rows = await tx.select(sql, { ids });
  if (rows.length === ids.length) return;
  const known = new Set(rows.map(({ customerId }) => customerId));
  await tx.insert('accounts', ids.filter((id) => !known.has(id)).map(blank), {
    ignoreDuplicates: true,
  });
  await tx.select(sql, { ids });
}

function blank(customerId: string) {
  const nothing = { provider: null, paymentMethod: null, unavailable: null, dueAt: null };
  return { customerId, ...nothing, combineCharges: 1, methodVersion: 0, erased: 0 };
}

async function reportedAbout(paymentIds: readonly string[], tx: Tx): Promise<Set<string>> {
  if (paymentIds.length === 0) return new Set();
  const rows = await tx.select(
    'SELECT kind, about FROM discrepancies WHERE payment_id IN (:paymentIds)',
    { paymentIds },
  );
  return new Set(
    rows.map(({ kind, about }) => keyOf({ kind: String(kind), about: String(about) })),
  );
}
