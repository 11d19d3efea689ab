import { instantOf, msOf } from '../src/oracle/london';
import type { BookedCharge, BookedRefund, Call, Row, RunRecord, ServiceName } from '../src/record';

/** What a fault would have left behind: the same record, with something else in it. */
export type Plant = (record: RunRecord) => RunRecord;

/** In the rows of a table, whoever reads them. */
export function inTable(
  service: ServiceName,
  table: string,
  change: (rows: readonly Row[]) => readonly Row[],
): Plant {
  return (record) => ({
    ...record,
    rows: async (asked, sql) => {
      const rows = await record.rows(asked, sql);
      const isMeant = asked === service && new RegExp(`FROM ${table}\\b`).test(sql);
      return isMeant ? change(rows) : rows;
    },
  });
}

export type Fits = (row: Row) => boolean;

/** Changes the first row that fits; a plant that finds none has no ground to grow in. */
export function alter(
  service: ServiceName,
  table: string,
  fits: Fits,
  changes: Changes<Row>,
): Plant {
  return inTable(service, table, (rows) => replaced(rows, fits, changes));
}

export function remove(service: ServiceName, table: string, fits: Fits): Plant {
  return inTable(service, table, (rows) => {
    const row = found(rows, fits);
    return rows.filter((other) => other !== row);
  });
}

/** Once more, with other facts. */
export function repeat(
  service: ServiceName,
  table: string,
  fits: Fits,
  changes: Changes<Row>,
): Plant {
  return inTable(service, table, (rows) => {
    const row = found(rows, fits);
    return [...rows, { ...row, ...changesOf(changes, row) }];
  });
}

type Facts = Record<string, unknown>;

/** In what the audit entries tell. */
export function alterTrail(
  service: ServiceName,
  fits: (entry: Row, facts: Facts) => boolean,
  change: (facts: Facts, entry: Row) => { readonly entry?: Partial<Row>; readonly facts?: Facts },
): Plant {
  return inTable(service, 'audit_entries', (rows) => {
    const entry = found(rows, (row) => fits(row, factsOf(row)));
    const facts = factsOf(entry);
    const changed = change(facts, entry);
    const text = JSON.stringify({ ...facts, ...changed.facts });
    return rows.map((row) => (row === entry ? { ...row, ...changed.entry, facts: text } : row));
  });
}

function factsOf({ facts }: Row): Facts {
  return typeof facts === 'string' ? JSON.parse(facts) : {};
}

type Changes<T> = Partial<T> | ((item: T) => Partial<T>);
type Book = 'aurora' | 'borealis';

export function alterCharge(
  fits: (charge: BookedCharge) => boolean,
  changes: Changes<BookedCharge>,
): Plant {
  return inBooks(({ charges, refunds }) => ({
    refunds,
    charges: replaced(charges, fits, changes),
  }));
}

export function addCharge(
  like: (charge: BookedCharge) => boolean,
  changes: Changes<BookedCharge>,
): Plant {
  return inBooks(({ charges, refunds }) => ({ refunds, charges: added(charges, like, changes) }));
}

export function alterRefund(
  fits: (refund: BookedRefund) => boolean,
  changes: Changes<BookedRefund>,
): Plant {
  return inBooks(({ charges, refunds }) => ({
    charges,
    refunds: replaced(refunds, fits, changes),
  }));
}

export function addRefund(
  like: (refund: BookedRefund) => boolean,
  changes: Changes<BookedRefund>,
): Plant {
  return inBooks(({ charges, refunds }) => ({ charges, refunds: added(refunds, like, changes) }));
}

function inBooks(change: (books: RunRecord['books'][Book]) => RunRecord['books'][Book]): Plant {
  return (record) => ({
    ...record,
    books: { ...record.books, aurora: change(record.books.aurora) },
  });
}

export function addCall(like: (call: Call) => boolean, changes: Changes<Call>): Plant {
  return (record) => ({ ...record, calls: added(record.calls, like, changes) });
}

export function alterCall(fits: (call: Call) => boolean, changes: Changes<Call>): Plant {
  return (record) => ({ ...record, calls: replaced(record.calls, fits, changes) });
}

/** In the order in which they are named. */
export function both(...plants: readonly Plant[]): Plant {
  return (record) => plants.reduce((next, plant) => plant(next), record);
}

export function shift(at: unknown, ms: number): ReturnType<typeof String> & RunRecord['now'] {
  return instantOf(msOf(String(at)) + ms) as RunRecord['now'];
}

export function found<T>(items: readonly T[], fits: (item: T) => boolean): T {
  const item = items.find(fits);
  if (item === undefined) throw new Error('there is nothing to plant this fault in');
  return item;
}

export function replaced<T extends object>(
  items: readonly T[],
  fits: (item: T) => boolean,
  changes: Changes<T>,
): readonly T[] {
  const item = found(items, fits);
  return items.map((other) => (other === item ? { ...item, ...changesOf(changes, item) } : other));
}

function added<T extends object>(
  items: readonly T[],
  like: (item: T) => boolean,
  changes: Changes<T>,
): readonly T[] {
  const item = found(items, like);
  return [...items, { ...item, ...changesOf(changes, item) }];
}

function changesOf<T>(changes: Changes<T>, item: T): Partial<T> {
  return typeof changes === 'function' ? changes(item) : changes;
}
