/** How a decline is answered, and the reason that goes with it. */
interface Decline {
  readonly rc: string;
  readonly rsn: string;
}

const MALFUNCTION = '96';

// biome-ignore format: a table
const DECLINES = new Map<string, Decline>(
  (
    [
      [['insuff', 'insufficient_funds'],                 '51', 'INSUFF'],
      [['expcard', 'expired_card', 'card_expired'],      '54', 'EXPCARD'],
      [['dnh', 'do_not_honor', 'card_declined'],         '05', 'DNH'],
      [['frd', 'fraud_suspected', 'suspected_fraud'],    '59', 'FRD'],
      [['unknown_card'],                                 '14', 'NOCARD'],
      // The answer leaves open what happened; an event or enquiry tells.
      [['processing_error'],                    MALFUNCTION, MALFUNCTION],
    ] as const
  ).flatMap(([words, rc, rsn]) => words.map((word) => [word, { rc, rsn }] as const)),
);

/** By the word in the card's token: the bank's own, in any case, or a usual one; else it is its own reason. */
export function declineOf(word: string): Decline {
  return DECLINES.get(word.toLowerCase()) ?? { rc: '05', rsn: word };
}
