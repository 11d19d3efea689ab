export interface Names {
  readonly providerReference: string | null;
  readonly reference: string | null;
}

export interface Paired<Ours, Theirs> {
  /** Each of ours that they show, with all that they show of it. */
  readonly pairs: readonly { readonly ours: Ours; readonly theirs: readonly Theirs[] }[];
  /** What nobody here knows by either reference. */
  readonly strangers: readonly Theirs[];
}

/** By the provider's reference, and then by ours. Billing rules: "Reconciliation". */
export function paired<Ours, Theirs extends Names>(
  ours: readonly Ours[],
  theirs: readonly Theirs[],
  namesOf: (ours: Ours) => Names,
): Paired<Ours, Theirs> {
  const byTheirName = new Map(ours.map((one) => [namesOf(one).providerReference, one]));
  const byOurName = new Map(ours.map((one) => [namesOf(one).reference, one]));
  const pairs = new Map<Ours, Theirs[]>();
  const strangers: Theirs[] = [];
  for (const one of theirs) {
    const known =
      byTheirName.get(one.providerReference) ??
      (one.reference === null ? undefined : byOurName.get(one.reference));
    if (known) pairs.set(known, [...(pairs.get(known) ?? []), one]);
    else strangers.push(one);
  }
  return { pairs: [...pairs].map(([known, shown]) => ({ ours: known, theirs: shown })), strangers };
}
