/**
 * Luck without a state: what is decided about one thing depends on the seed and on what it is called,
 * never on what else happened, so that a history with fewer people or faults leaves the rest nearly as it
 * was. What has no name of its own (a message, a commit, a look) goes by its number, which others change.
 */
export class Chance {
  constructor(readonly seed: string) {}

  /** Luck of its own for a part of the whole. */
  of(...names: readonly (string | number)[]): Chance {
    return new Chance(`${this.seed}/${names.join('/')}`);
  }

  /** From 0 to 1, the latter excluded. */
  number(...names: readonly (string | number)[]): number {
    return hash(`${this.seed}/${names.join('/')}`) / 4_294_967_296;
  }

  is(probability: number, ...names: readonly (string | number)[]): boolean {
    return this.number(...names) < probability;
  }

  /** Both included. */
  between(low: number, high: number, ...names: readonly (string | number)[]): number {
    return low + Math.floor(this.number(...names) * (high - low + 1));
  }

  pick<T>(things: readonly T[], ...names: readonly (string | number)[]): T {
    const picked = things[Math.floor(this.number(...names) * things.length)];
    if (picked === undefined) throw new Error('there is nothing to pick from');
    return picked;
  }

  /** Each with its share of the whole. */
  weighted<T>(
    things: readonly (readonly [share: number, thing: T])[],
    ...names: readonly (string | number)[]
  ): T {
    let left = this.number(...names) * things.reduce((sum, [share]) => sum + share, 0);
    for (const [share, thing] of things) {
      left -= share;
      if (left < 0) return thing;
    }
    const last = things.at(-1);
    if (last === undefined) throw new Error('there is nothing to pick from');
    return last[1];
  }
}

/** FNV-1a, stirred by the finish of MurmurHash3: 32 bits. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    h ^= text.charCodeAt(index);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
