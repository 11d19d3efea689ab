import { type Clock, type Instant, msOf } from '@perennial/calendar';
import type { Moods } from '@perennial/simulators';
import type { Chance } from '../chance';
import { moodsOf } from '../moods';
import { Actor } from '../people/acting';
import type { Book } from '../people/book';
import type { Door } from '../people/door';
import type { Life } from '../people/life';
import { lifeOf } from '../people/lives';
import { openShop } from '../people/shop';
import type { Deed, Refused } from '../record';

interface Planned {
  readonly customers: number;
  readonly start: Instant;
  /** In which they live, as far as time gets. */
  readonly days: number;
}

/** Everybody's lives, and what they did. */
export class Population {
  readonly deeds: Deed[] = [];
  readonly refusals: Refused[] = [];
  readonly lives: readonly Life[];

  constructor(luck: Chance, { customers, start, days }: Planned) {
    const window = { startMs: msOf(start), days };
    const persons = Array.from({ length: customers }, (_, person) => person);
    this.lives = persons.map((person) => lifeOf(person, luck, window));
  }

  /** How the banks treat their cards. */
  moods(clock: Clock): Moods {
    return moodsOf(this.lives, () => msOf(clock.now()));
  }

  /** Resolves when everybody's last act is over. */
  async live(door: Door): Promise<void> {
    const productIds = await openShop(door);
    const book: Book = { deeds: this.deeds, refusals: this.refusals };
    await Promise.all(this.lives.map((life) => new Actor(life, door, productIds, book).live()));
  }
}
