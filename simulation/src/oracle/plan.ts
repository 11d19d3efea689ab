import type { Deed } from '../record';
import { anniversary } from './anniversaries';
import { chargeTime, localDate } from './london';

export type Purchase = Extract<Deed, { kind: 'subscribed' }>;

/** What one purchase owes and when, by the rules' words alone. */
export class Plan {
  readonly anchor: string;
  /** Of each cycle. */
  readonly amountMinor: number;
  readonly currency: string;
  /** Two, where it was registered around midnight and only the answer's time is known. */
  readonly firstCycles: readonly number[];
  private readonly dates: string[] = [];

  constructor(readonly purchase: Purchase) {
    this.anchor = localDate(purchase.purchasedAt);
    this.amountMinor = purchase.price.amountMinor * purchase.quantity;
    this.currency = purchase.price.currency;
    const days = [localDate(purchase.from), localDate(purchase.to)];
    this.firstCycles = [...new Set(days.map((day) => this.firstOwed(day)))];
  }

  dateOf(cycle: number): string {
    const known = this.dates[cycle];
    if (known !== undefined) return known;
    const date = anniversary(this.anchor, this.purchase.interval, cycle);
    this.dates[cycle] = date;
    return date;
  }

  chargeTimeOf(cycle: number): string {
    return chargeTime(this.dateOf(cycle));
  }

  /** The cycles that surely fell due until then. */
  dueUntil(instant: string): number[] {
    const cycles: number[] = [];
    for (let n = Math.max(...this.firstCycles); this.chargeTimeOf(n) <= instant; n += 1) {
      cycles.push(n);
    }
    return cycles;
  }

  /** The first owed cycle whose charge time is later than that. */
  firstAfter(instant: string): number {
    let n = Math.min(...this.firstCycles);
    while (this.chargeTimeOf(n) <= instant) n += 1;
    return n;
  }

  private firstOwed(registeredOn: string): number {
    let n = this.purchase.firstCharge === 'purchase' ? 0 : 1;
    while (this.dateOf(n) < registeredOn) n += 1;
    return n;
  }
}
