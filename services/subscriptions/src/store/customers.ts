import { Instant } from '@perennial/calendar';
import type { Row, Tx } from '@perennial/database';
import { z } from 'zod';
import { type Customer, PersonalData, type RegisteredCustomer } from '../domain/customer';
import type { Keyring } from '../keyring';

const common = {
  id: z.string(),
  provider: z.string(),
  paymentMethod: z.string(),
  combineCharges: z.coerce.boolean(),
  createdAt: Instant,
  version: z.number(),
};

const CustomerRow = z.discriminatedUnion('status', [
  z.object({ status: z.literal('registered'), ...common, personalData: z.string() }),
  z.object({ status: z.literal('erased'), ...common, erasedAt: Instant }),
]);

const PayingRow = z.object({ id: z.string(), paymentMethod: z.string() });

/** Customers, with their personal data sealed on the way in and opened on the way out. */
export class Customers {
  constructor(
    private readonly keyring: Keyring,
    private readonly tx: Tx,
  ) {}

  async insert(customer: RegisteredCustomer): Promise<void> {
    await this.tx.insert('customers', [this.rowOf(customer)]);
  }

  async save(...customers: readonly Customer[]): Promise<void> {
    const rows = customers.map((customer) => this.rowOf(customer));
    await this.tx.update('customers', ['id'], rows);
  }

  find(id: string): Promise<Customer | null> {
    return this.one('WHERE id = :id', { id });
  }

  lock(id: string): Promise<Customer | null> {
    return this.one(`WHERE id = :id${this.tx.forUpdate}`, { id });
  }

  /** Those who pay with one of these methods now. */
  async lockPayingWith(
    provider: string,
    references: readonly string[],
  ): Promise<{ id: string; paymentMethod: string }[]> {
    if (references.length === 0) return [];
    const rows = await this.tx.select(
      `SELECT id, payment_method FROM customers
       WHERE provider = :provider AND payment_method IN (:references)
       ORDER BY id${this.tx.forUpdate}`,
      { provider, references },
    );
    return z.array(PayingRow).parse(rows);
  }

  /** Newest first, from `cursor` on: the id of the last one seen. */
  async withEmail(
    email: string,
    { limit, cursor = '~' }: { limit: number; cursor?: string | undefined },
  ): Promise<Customer[]> {
    return this.select(
      'WHERE email_hash IN (:hashes) AND id < :cursor ORDER BY id DESC LIMIT :limit',
      { hashes: this.keyring.emailHashes(email), cursor, limit },
    );
  }

  /** Those whose personal data is not sealed with the first key yet. */
  async lockSealedWithOldKeys(limit: number): Promise<Customer[]> {
    return this.select(
      `WHERE key_id < :keyId OR key_id > :keyId ORDER BY id LIMIT :limit${this.tx.forUpdate}`,
      { keyId: this.keyring.firstKeyId, limit },
    );
  }

  async someSealedWithOldKeys(): Promise<boolean> {
    const keyId = this.keyring.firstKeyId;
    const rows = await this.tx.select(
      'SELECT id FROM customers WHERE key_id < :keyId OR key_id > :keyId LIMIT 1',
      { keyId },
    );
    return rows.length > 0;
  }

  private async one(where: string, replacements: Record<string, unknown>) {
    const [customer] = await this.select(where, replacements);
    return customer ?? null;
  }

  private async select(where: string, replacements: Record<string, unknown>): Promise<Customer[]> {
    const rows = await this.tx.select(`SELECT * FROM customers ${where}`, replacements);
    return rows.map((row) => this.customerOf(row));
  }

  private customerOf(raw: Record<string, unknown>): Customer {
    const row = CustomerRow.parse(raw);
    if (row.status === 'erased') return row;
    const text = this.keyring.open(row.personalData, row.id);
    return { ...row, personalData: PersonalData.parse(JSON.parse(text)) };
  }

  private rowOf(customer: Customer): Row {
    const { id, provider, paymentMethod, combineCharges, createdAt, version, status } = customer;
    const facts = { id, provider, paymentMethod, createdAt, version, status };
    const person =
      customer.status === 'registered'
        ? {
            personalData: this.keyring.seal(JSON.stringify(customer.personalData), id),
            emailHash: this.keyring.emailHash(customer.personalData.email),
            keyId: this.keyring.firstKeyId,
            erasedAt: null,
          }
        : { personalData: null, emailHash: null, keyId: null, erasedAt: customer.erasedAt };
    return { ...facts, combineCharges: combineCharges ? 1 : 0, ...person };
  }
}
