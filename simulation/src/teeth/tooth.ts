/** One place in the sources that is written otherwise. */
export interface Edit {
  /** From the root of the repository. */
  readonly file: string;
  /** Exact text, which is there once. */
  readonly find: string;
  readonly replace: string;
}

/** A planted fault: a bug that real billing engines have had. The simulation has to find it. */
export interface Tooth {
  readonly name: string;
  /** What the bug is, and what comes of it, in a sentence. */
  readonly story: string;
  /** Several where another layer would make good what the first takes away. */
  readonly edits: readonly Edit[];
}
