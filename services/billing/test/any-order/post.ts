/** Something on its way, and when it arrives. */
export interface Posted<Item> {
  readonly at: number;
  /** It cannot arrive before. */
  readonly since: number;
  readonly item: Item;
}

/** What is on its way, the earliest first; of one moment, in the order in which it was sent. */
export class Post<Item> {
  constructor(private posted: readonly Posted<Item>[] = []) {}

  fork(): Post<Item> {
    return new Post(this.posted);
  }

  send(item: Item, at: number, since: number): void {
    const behind = this.posted.findIndex((other) => other.at > at);
    const index = behind < 0 ? this.posted.length : behind;
    this.posted = [
      ...this.posted.slice(0, index),
      { item, at, since },
      ...this.posted.slice(index),
    ];
  }

  get nextAt(): number {
    return this.posted[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  has(fits: (item: Item) => boolean): boolean {
    return this.posted.some(({ item }) => fits(item));
  }

  take(): Item | undefined {
    const [first, ...others] = this.posted;
    this.posted = others;
    return first?.item;
  }

  /** Takes out what fits, all or the first few. */
  takeAll(
    fits: (posted: Posted<Item>) => boolean,
    most = Number.POSITIVE_INFINITY,
  ): readonly Posted<Item>[] {
    const taken = this.posted.filter(fits).slice(0, most);
    this.posted = this.posted.filter((one) => !taken.includes(one));
    return taken;
  }
}
