import { type Instant, msOf } from '@perennial/calendar';
import type { Book } from './book';
import { actAsCustomer } from './customer-acts';
import type { Door } from './door';
import { type Act, isOwn, type Life } from './life';
import { actAsOther } from './other-acts';
import { Standing } from './standing';

/** Acts a life out over a door. */
export class Actor {
  private readonly standing: Standing;

  constructor(
    private readonly life: Life,
    private readonly door: Door,
    /** In the catalogue's order. */
    productIds: readonly string[],
    book: Book,
  ) {
    this.standing = new Standing(life, door, productIds, book);
  }

  /** Until the last act is over. A customer does one thing after the other; others do not wait for them. */
  async live(): Promise<void> {
    const own = this.life.acts.filter(isOwn);
    const others = this.life.acts.filter((act) => !isOwn(act));
    await Promise.all([this.inTurn(own), ...others.map((act) => this.inTurn([act]))]);
  }

  private async inTurn(acts: readonly Act[]): Promise<void> {
    for (const act of acts) {
      await this.waitFor(act.at);
      await (isOwn(act) ? actAsCustomer(act, this.standing) : actAsOther(act, this.standing));
    }
  }

  private async waitFor(at: Instant): Promise<void> {
    const leftMs = msOf(at) - msOf(this.door.now());
    if (leftMs > 0) await this.door.pause(leftMs);
  }
}
