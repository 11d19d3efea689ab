import { randomUUID } from 'node:crypto';
import { parseInstant } from '@perennial/calendar';
import { rebuildDiff } from '../src';
import { type Running, runBilling } from './running-billing';
import { emptied } from './stored-account';
import { subscribersOf } from './subscribers';

type Found = { kind: string; state: string; id: string };

const BILLED = '2026-02-28T06:00:00Z';
/** Before anybody else asks what became of a charge. */
const SOON = '2026-02-28T06:00:10.000Z';
const LATER = parseInstant('2026-02-28T06:05:00Z');

/** Two customers, charged by a real Aurora. Then something goes wrong. */
class Plot {
  constructor(readonly running: Running) {}

  readonly subscribers = subscribersOf(this.running);

  /** Whatever somebody else does at Aurora with our key. */
  async atAurora(path: string, body: object): Promise<void> {
    const headers = { Authorization: 'Bearer aurora-key', 'Idempotency-Key': randomUUID() };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    await (await fetch(this.running.auroraUrl + path, request)).text();
  }

  foreign(more: object = {}): Promise<void> {
    const order = { merchantReference: 'somebody’s', amount: 700, currency: 'GBP' };
    return this.atAurora('/v1/payments', { ...order, paymentMethod: 'pm_x', ...more });
  }

  dashboardRefund(reference: string): Promise<void> {
    return this.atAurora('/_sim/refund', { reference, amount: 250, reason: 'duplicate' });
  }

  /** Aurora decides what was pending, and nobody hears of it. */
  async decided(): Promise<void> {
    await this.running.clock.set(LATER);
    await this.running.aurora.timer.run();
  }

  attempts() {
    return this.rows('SELECT * FROM attempts ORDER BY id');
  }

  /** The references of the first attempt: ours, and the provider's. */
  async first(): Promise<[string, string]> {
    const [row] = await this.attempts();
    return [String(row?.['reference']), String(row?.['providerReference'])];
  }

  rows(sql: string) {
    return this.running.db.transaction((tx) => tx.select(sql));
  }

  change(sql: string) {
    return this.running.db.transaction((tx) => tx.execute(sql));
  }

  async compare() {
    const { running } = this;
    const now = running.clock.now();
    await running.until(now > SOON ? now : SOON);
    const window = { from: '2026-02-28T00:00:00Z', to: '2026-02-28T06:00:01Z' };
    const body = { provider: 'aurora', ...window };
    const { id } = (await running.call('POST', '/reconciliations', { body })).body;
    await running.until(running.clock.now());
    return (await running.call('GET', `/reconciliations/${id}`)).body;
  }

  async discrepancies(): Promise<Found[]> {
    return (await this.running.call('GET', '/discrepancies')).body.data;
  }
}

type Planted = [
  name: string,
  card: string,
  plant: (plot: Plot) => Promise<unknown>,
  found: string[],
];

const nothing = async () => undefined;
const both = (what: string) => [what, what];
const TROUBLES: Planted[] = [
  ['nothing', 'pm_ok', nothing, []],
  ['declines on both sides', 'pm_decline_do_not_honor', nothing, []],
  ['a charge of somebody else', 'pm_ok', (plot) => plot.foreign(), ['missing_here open']],
  [
    'a charge of somebody else that was declined',
    'pm_ok',
    (plot) => plot.foreign({ paymentMethod: 'pm_decline_expired_card' }),
    [],
  ],
  ['charges that are pending', 'pm_pending_ok', nothing, []],
  [
    'successes whose webhooks were lost',
    'pm_pending_ok',
    (plot) => plot.decided(),
    both('status_differs auto_fixed'),
  ],
  [
    'declines whose webhooks were lost',
    'pm_pending_decline_expired_card',
    (plot) => plot.decided(),
    both('status_differs auto_fixed'),
  ],
  ['charges whose answers were lost', 'pm_reset_after', nothing, both('status_differs auto_fixed')],
  [
    'charges that their books do not have',
    'pm_ok',
    (plot) => plot.atAurora('/_sim/reset', {}),
    both('missing_there open'),
  ],
  [
    'pending charges that their books do not have',
    'pm_pending_ok',
    (plot) => plot.atAurora('/_sim/reset', {}),
    both('missing_there open'),
  ],
  [
    'a second charge under our reference',
    'pm_ok',
    async (plot) => plot.foreign({ merchantReference: (await plot.first())[0] }),
    ['duplicate_charge open'],
  ],
  [
    'charges of another sum',
    'pm_ok',
    (plot) => plot.change('UPDATE attempts SET amount_minor = 1249'),
    both('amount_differs open'),
  ],
  [
    'charges in another currency',
    'pm_ok',
    (plot) => plot.change("UPDATE attempts SET currency = 'EUR'"),
    both('currency_differs open'),
  ],
  [
    'a success of another sum whose webhook was lost',
    'pm_pending_ok',
    async (plot) => {
      const [reference] = await plot.first();
      await plot.change(`UPDATE attempts SET amount_minor = 1249 WHERE reference = '${reference}'`);
      await plot.decided();
    },
    ['amount_differs open', ...both('status_differs auto_fixed')],
  ],
  [
    'a decline that we were told of, and a success that we were not',
    'pm_pending_ok',
    async (plot) => {
      await plot.subscribers.failsAfterAll(...(await plot.first()), 1250);
      await plot.decided();
    },
    ['status_differs auto_fixed', 'status_differs open'],
  ],
  [
    'a refund from the dashboard of which we were not told',
    'pm_ok',
    async (plot) => plot.dashboardRefund((await plot.first())[0]),
    ['refund_differs open'],
  ],
  [
    'a refund of which we were told another sum',
    'pm_ok',
    async (plot) => {
      const [reference, providerReference] = await plot.first();
      await plot.dashboardRefund(reference);
      await plot.subscribers.refundTold(providerReference, 200);
      const [refund] = plot.running.aurora.ledger().refunds;
      await plot.change(`UPDATE refunds SET provider_reference = '${refund?.id}'`);
    },
    ['refund_differs open'],
  ],
];

const kindsOf = (found: readonly Found[]) =>
  found.map(({ kind, state }) => `${kind} ${state}`).sort();

/** What SQLite, MySQL and MariaDB must do alike. */
export function describeReconciliation(databaseUrl: () => Promise<string>): void {
  let url: string;
  let plot: Plot;
  beforeAll(async () => {
    url = await databaseUrl();
  });
  const begin = async (card: string, plant: (plot: Plot) => Promise<unknown>) => {
    plot = new Plot(await runBilling(url));
    await emptied(plot.running.db);
    await plot.change('DELETE FROM audit_entries');
    await plot.subscribers.many(2, card);
    await plot.running.until(BILLED);
    await plant(plot);
  };
  afterEach(() => plot?.running.stop());

  test.each(TROUBLES)('of %s (%s)', async (_, card, plant, expected) => {
    await begin(card, plant);
    const found = await plot.compare();
    expect(kindsOf(found.discrepancies)).toEqual(expected);
    expect(found).toMatchObject({ status: 'done', discrepancyCount: expected.length });
    expect(found.autoFixed).toBe(expected.filter((one) => one.endsWith('fixed')).length);

    // A second one finds the same, and changes nothing.
    const [all, rows] = [await plot.discrepancies(), await plot.attempts()];
    const [told, entries] = [
      plot.running.told.length,
      await plot.rows('SELECT id FROM audit_entries'),
    ];
    const again = await plot.compare();
    const isOpen = ({ state }: Found) => state === 'open';
    expect(again).toMatchObject({ status: 'done', autoFixed: 0 });
    expect(again.discrepancies).toEqual(found.discrepancies.filter(isOpen));
    expect(await plot.discrepancies()).toEqual(all);
    expect(await plot.attempts()).toEqual(rows);
    expect(plot.running.told).toHaveLength(told);
    expect(await plot.rows('SELECT id FROM audit_entries')).toEqual(entries);
    expect(await plot.rows('SELECT * FROM reconciliation_matches')).toEqual([]);
  });

  test('what was explained stays explained when it is found again', async () => {
    await begin('pm_ok', (one) => one.foreign());
    const [found] = (await plot.compare()).discrepancies;
    const body = { state: 'explained', note: 'The shop next door' };
    await plot.running.call('POST', `/discrepancies/${found.id}/resolution`, { body });
    const again = await plot.compare();
    expect(again.discrepancies).toEqual([{ ...found, state: 'explained', note: body.note }]);
  });

  test('what it settles is paid, and says by what; the rest is told to operators; the trail knows all', async () => {
    await begin('pm_pending_ok', async (one) => {
      await one.decided();
      await one.foreign({ merchantReference: 'somebody’s' });
    });
    const { id } = await plot.compare();
    const { data } = (await plot.running.call('GET', '/payments')).body;
    for (const payment of data) {
      expect(payment).toMatchObject({ status: 'succeeded' });
      expect(payment.attempts).toMatchObject([{ settledBy: 'reconciliation' }]);
    }
    const told = plot.running.told.map(({ type }) => type);
    const count = (type: string) => told.filter((one) => one === type).length;
    expect(count('billing.payment-succeeded.v1')).toBe(2);
    expect((await plot.discrepancies()).map(({ state }) => state)).toContain('auto_fixed');
    const window = await plot.running.call('GET', `/reconciliations/${id}`);
    expect(window.body.autoFixed).toBe(2);
    const entries = await plot.rows(
      "SELECT to_state, actor FROM audit_entries WHERE entity_type = 'discrepancy' ORDER BY to_state",
    );
    const actor = expect.stringMatching(/^operator:caller/);
    expect(entries).toEqual(both('auto_fixed').map((toState) => ({ toState, actor })));
    expect((await rebuildDiff(plot.running.db)).differences).toEqual([]);
  });
}
