import { type Instant, parseInstant } from '@perennial/calendar';
import type { Announcement } from '@perennial/contracts';
import type { Row } from '@perennial/database';
import { newCause } from '@perennial/messaging';
import type { ReconcileTime } from '../src/domain/reconciled-days';
import { Reconciler } from '../src/engine/reconcile';
import type { Provider } from '../src/providers/provider';
import {
  findReconciliation,
  insertReconciliations,
  opened,
  type Reconciliation,
} from '../src/store/reconciliations';
import type { Running } from './running-billing';

export const FROM = parseInstant('2026-01-30T00:00:00Z');
export const TO = parseInstant('2026-01-31T00:00:00Z');

/** One replica's reconciler, run by hand. */
export class ReconcilerByHand {
  readonly told: Announcement[] = [];
  private readonly timer;

  constructor(
    private readonly running: Running,
    provider: Provider | null,
    time: ReconcileTime | null = null,
  ) {
    const providers = new Map(provider ? [['aurora', provider]] : []);
    const announce = async (some: readonly Announcement[]) => void this.told.push(...some);
    const context = { ...running.context, providers };
    this.timer = new Reconciler(context, time, announce).timer();
  }

  run(): Promise<void> {
    return this.timer.run();
  }

  async stop(): Promise<void> {
    await this.timer.stop?.();
  }

  nextAt(): Promise<Instant | null> {
    return this.timer.nextAt();
  }

  /** All that is due by then, each at its time; answers the times at which something was. */
  async until(to: string): Promise<Instant[]> {
    const times: Instant[] = [];
    const { clock } = this.running;
    for (;;) {
      const next = await this.nextAt();
      if (next === null || next > to) break;
      if (next > clock.now()) await clock.set(next);
      if (times.at(-1) !== clock.now()) times.push(clock.now());
      await this.run();
    }
    if (parseInstant(to) > clock.now()) await clock.set(parseInstant(to));
    return times;
  }
}

export async function ordered(running: Running, window = { from: FROM, to: TO }): Promise<string> {
  const { db, ids, clock } = running;
  const [id, now] = [ids(), clock.now()];
  const cause = newCause('system', 'timer:test', ids);
  const times = { fromAt: window.from, toAt: window.to, createdAt: now, nextActionAt: now };
  const one = opened({ id, provider: 'aurora', day: null, cause, ...times });
  await db.transaction((tx) => insertReconciliations([one], tx));
  return id;
}

export async function stateOf({ db }: Running, id: string): Promise<Reconciliation> {
  const found = await db.transaction((tx) => findReconciliation(id, tx));
  if (!found) throw new Error('it is not there');
  return found;
}

export interface OldCharge {
  readonly id: string;
  readonly status?: string;
  readonly startedAt?: Instant;
  readonly more?: Row;
}

/** Attempts of a day that is over, each of a payment of its own, and of customers that nobody decides about. */
export async function insertCharges({ db }: Running, charges: readonly OldCharge[]): Promise<void> {
  const payments = charges.map(({ id, startedAt = FROM }) => ({
    ...{ id: `p-${id}`, customerId: `c-${id}`, provider: 'aurora', billingDate: '2026-01-30' },
    ...{ currency: 'GBP', status: 'succeeded', firstReachedOn: null, nextAttemptAt: null },
    ...{ createdAt: startedAt, version: 1, busyCustomerId: null },
  }));
  await db.transaction(async (tx) => {
    await tx.insert('payments', payments);
    await tx.insert('attempts', charges.map(attemptRow));
  });
}

const UNRESOLVED = ['created', 'pending', 'unknown'];

function attemptRow({ id, status = 'succeeded', startedAt = FROM, more }: OldCharge): Row {
  const isFinal = status === 'succeeded' || status === 'declined';
  const isUnresolved = UNRESOLVED.includes(status);
  return {
    ...{ id, paymentId: `p-${id}`, number: 1, provider: 'aurora', amountMinor: 1250 },
    ...{
      currency: 'GBP',
      items: null,
      reference: `r-${id}`,
      idempotencyKey: id,
      body: '{}',
      status,
    },
    ...{ nextActionAt: isUnresolved ? TO : null, startedAt, firstSentAt: startedAt },
    ...{ lastSentAt: startedAt, sends: 1, enquiries: 0, capturedMinor: null },
    providerReference: isFinal ? `t-${id}` : null,
    ...{ reason: status === 'declined' ? 'unknown' : null, rawReason: null },
    ...{ settledAt: isFinal ? startedAt : null, settledBy: isFinal ? 'response' : null },
    unresolvedPaymentId: isUnresolved ? `p-${id}` : null,
    ...more,
  };
}
