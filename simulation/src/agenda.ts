interface Entry {
  readonly atMs: number;
  readonly turn: number;
  readonly run: Happen;
}

/** False: nothing came of it, because it was overtaken. */
export type Happen = () => unknown;

/** What is to happen, by its time; at the same time, in the order in which it was entered. A binary heap. */
export class Agenda {
  private readonly heap: Entry[] = [];
  private turn = 0;

  /** When the next is due; null: nothing is. */
  get nextMs(): number | null {
    return this.heap[0]?.atMs ?? null;
  }

  add(atMs: number, run: Happen): void {
    this.turn += 1;
    this.heap.push({ atMs, turn: this.turn, run });
    this.rise(this.heap.length - 1);
  }

  take(): Entry | undefined {
    const first = this.heap[0];
    const last = this.heap.pop();
    if (last && this.heap.length > 0) {
      this.heap[0] = last;
      this.sink(0);
    }
    return first;
  }

  private rise(index: number): void {
    const parent = (index - 1) >> 1;
    if (index === 0 || !this.isBefore(index, parent)) return;
    this.swap(index, parent);
    this.rise(parent);
  }

  private sink(index: number): void {
    const [left, right] = [2 * index + 1, 2 * index + 2];
    let first = index;
    if (this.isBefore(left, first)) first = left;
    if (this.isBefore(right, first)) first = right;
    if (first === index) return;
    this.swap(index, first);
    this.sink(first);
  }

  private isBefore(index: number, other: number): boolean {
    const [one, two] = [this.heap[index], this.heap[other]];
    if (!one || !two) return false;
    return one.atMs < two.atMs || (one.atMs === two.atMs && one.turn < two.turn);
  }

  private swap(index: number, other: number): void {
    const [one, two] = [this.heap[index], this.heap[other]];
    if (!one || !two) return;
    this.heap[index] = two;
    this.heap[other] = one;
  }
}
