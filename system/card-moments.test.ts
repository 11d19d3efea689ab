import { type Ordeal, openOrdeal } from './test/ordeal';
import { PROVIDERS, type ProviderName } from './test/provider-side';

const DUE = '2026-02-05T06:00:00Z';

/** What the customer's card does, and how far things have come when something happens to it. */
interface Moment {
  readonly card: string;
  /** Lives on until the moment is there, has that happen, and carries on. */
  reach(ordeal: Ordeal, happen: () => Promise<void>): Promise<void>;
}

const at =
  (instant: string): Moment['reach'] =>
  async ({ shop }, happen) => {
    await shop.until(instant);
    await happen();
  };

const inFlight: Moment['reach'] = (ordeal, happen) =>
  ordeal.during(['charge', 'answer'], DUE, async () => {
    await ordeal.overtake('billing');
    await happen();
    await ordeal.overtake('webhooks', 'subscriptions');
  });

const afterMeeting =
  (fate: 'answer lost' | 'request lost' | 'turned away'): Moment['reach'] =>
  async ({ line, shop }, happen) => {
    line.meet('charge', fate, 1);
    await shop.until('2026-02-05T06:00:05Z');
    await happen();
  };

const DECLINING = 'old_no_webhook_decline_do_not_honor';
const GOOD = 'old_no_webhook';

const MOMENTS = {
  'before the charge': { card: GOOD, reach: at('2026-02-05T05:59:00Z') },
  'in flight, to succeed': { card: GOOD, reach: inFlight },
  'in flight, to be declined': { card: DECLINING, reach: inFlight },
  'unknown, having succeeded': { card: GOOD, reach: afterMeeting('answer lost') },
  'unknown, having been declined': { card: DECLINING, reach: afterMeeting('answer lost') },
  'unknown, never having arrived': { card: GOOD, reach: afterMeeting('request lost') },
  'turned away, to be sent again': { card: GOOD, reach: afterMeeting('turned away') },
  'in grace': { card: DECLINING, reach: at('2026-02-05T12:00:00Z') },
  'on the last day of grace': { card: DECLINING, reach: at('2026-02-10T05:59:00Z') },
  'after the success': { card: GOOD, reach: at('2026-02-05T12:00:00Z') },
  'after the termination': { card: DECLINING, reach: at('2026-02-10T12:00:00Z') },
} as const satisfies Record<string, Moment>;
type MomentName = keyof typeof MOMENTS;

interface Outcome {
  /** Days and cards of what was taken. */
  readonly charged: readonly string[];
  /** On the sixth of March. */
  readonly subscription: string;
  readonly mails: readonly string[];
}

const [DECLINED, RECEIPT, LOST] = ['payment_declined', 'payment_receipt', 'card_unavailable'];
const CANCELLED = 'cancelled, card_expired';
const ACTIVE = 'active, next 2026-04-05';

const TERMINATED: Outcome = {
  charged: [],
  subscription: 'terminated, payment_exhausted',
  mails: [DECLINED, 'subscription_terminated'],
};
/** Not charged at the next billing date but cancelled on it; what was in flight stands. */
const cancelled = (...mails: string[]): Outcome => ({
  charged: [],
  subscription: CANCELLED,
  mails,
});
const paidAndCancelled: Outcome = {
  charged: ['2026-02-05 old'],
  subscription: CANCELLED,
  mails: [LOST, RECEIPT],
};
const paid = (first: string, ...mails: string[]): Outcome => ({
  charged: [first, '2026-03-05 new'],
  subscription: ACTIVE,
  mails: [...mails, RECEIPT, RECEIPT],
});

const AFTER_LOSS: Record<MomentName, Outcome> = {
  'before the charge': cancelled(LOST),
  'in flight, to succeed': paidAndCancelled,
  'in flight, to be declined': cancelled(LOST),
  'unknown, having succeeded': paidAndCancelled,
  'unknown, having been declined': cancelled(LOST),
  'unknown, never having arrived': cancelled(LOST),
  'turned away, to be sent again': cancelled(LOST),
  'in grace': cancelled(LOST, DECLINED),
  'on the last day of grace': cancelled(LOST, DECLINED),
  'after the success': paidAndCancelled,
  'after the termination': TERMINATED,
};

const AFTER_REPLACEMENT: Record<MomentName, Outcome> = {
  'before the charge': paid('2026-02-05 new'),
  'in flight, to succeed': paid('2026-02-05 old'),
  'in flight, to be declined': paid('2026-02-06 new', DECLINED),
  'unknown, having succeeded': paid('2026-02-05 old'),
  'unknown, having been declined': paid('2026-02-06 new', DECLINED),
  'unknown, never having arrived': paid('2026-02-05 new'),
  'turned away, to be sent again': paid('2026-02-05 new'),
  'in grace': paid('2026-02-06 new', DECLINED),
  'on the last day of grace': paid('2026-02-10 new', DECLINED),
  'after the success': paid('2026-02-05 old'),
  'after the termination': TERMINATED,
};

/**
 * Refused, so that it is as if nothing had happened. While the very call is under way nobody but billing
 * knows of it: such a switch is taken, and the attempt stays with the provider that it was made with.
 */
const UNMOVED: Outcome = {
  charged: ['2026-02-05 old', '2026-03-05 old'],
  subscription: ACTIVE,
  mails: [RECEIPT, RECEIPT],
};
const REFUSED: Partial<Record<MomentName, Outcome>> = {
  'unknown, having succeeded': UNMOVED,
  'unknown, having been declined': TERMINATED,
  'unknown, never having arrived': UNMOVED,
};

type Happening = (ordeal: Ordeal, customer: string, card: string) => Promise<void>;
const replaced: Happening = async (ordeal, customer) => {
  await ordeal.replaceCard(customer, 'new_no_webhook');
};
const OTHER = { aurora: 'borealis', borealis: 'aurora' } as const;
const switched: Happening = async (ordeal, customer) => {
  await ordeal.replaceCard(customer, 'new_no_webhook', OTHER[ordeal.provider.name]);
};
const refusedToSwitch: Happening = (ordeal, customer, card) =>
  expect(switched(ordeal, customer, card)).rejects.toThrow(/: 409.*attempt-unresolved/);
const lost: Happening = (ordeal, _, card) => ordeal.tellLostCard(card);

/** All of it: the moment, what happens then, and what has become of everything a month later. */
async function outcomeOf(provider: ProviderName, name: MomentName, ...happenings: Happening[]) {
  return outcomeIn(await openOrdeal(provider), name, ...happenings);
}

async function outcomeIn(ordeal: Ordeal, name: MomentName, ...happenings: Happening[]) {
  const { card, reach } = MOMENTS[name];
  const underWay = reach === inFlight;
  const customer = await ordeal.customer(card);
  const id = await ordeal.shop.buy(customer);
  await reach(ordeal, async () => {
    for (const happen of happenings) {
      await happen(ordeal, customer, card);
      if (!underWay) await ordeal.shop.system.timeline.settle();
      else await ordeal.overtake('webhooks', 'subscriptions');
    }
  });
  await ordeal.shop.until('2026-03-06T12:00:00Z');
  const { subscription, mails, discrepancies, refunded } = await ordeal.picture(id);
  expect([discrepancies, refunded]).toEqual([[], []]);
  const charged = ordeal.allCharges().map(({ createdAt, paymentMethod }) => {
    const which = paymentMethod.includes('new') ? 'new' : 'old';
    return `${createdAt.slice(0, 10)} ${which}`;
  });
  return { charged, subscription, mails: mails.toSorted() };
}

const sorted = (outcome: Outcome): Outcome => ({ ...outcome, mails: outcome.mails.toSorted() });
const names = Object.keys(MOMENTS) as MomentName[];

describe.each(PROVIDERS)('%s: the card', (provider) => {
  test.each(names)('is lost: %s', async (name) => {
    expect(await outcomeOf(provider, name, lost)).toEqual(sorted(AFTER_LOSS[name]));
  });

  test.each(names)('is replaced: %s', async (name) => {
    const expected = sorted(AFTER_REPLACEMENT[name]);
    expect(await outcomeOf(provider, name, replaced)).toEqual(expected);
  });

  test.each(names)('is lost and replaced, which revokes the end: %s', async (name) => {
    const { mails, ...outcome } = await outcomeOf(provider, name, lost, replaced);
    const expected = sorted(AFTER_REPLACEMENT[name]);
    // Whether the end was told before it was revoked is a matter of moments.
    expect({ ...outcome, mails: mails.filter((mail) => mail !== LOST) }).toEqual(expected);
  });

  test.each(names)(
    'is replaced, and then the old one is lost, which changes nothing: %s',
    async (name) => {
      const expected = sorted(AFTER_REPLACEMENT[name]);
      expect(await outcomeOf(provider, name, replaced, lost)).toEqual(expected);
    },
  );
});

describe.each(PROVIDERS)('%s: the provider is switched', (provider) => {
  test.each(names)('%s', async (name) => {
    const refused = REFUSED[name];
    const happening = refused ? refusedToSwitch : switched;
    const expected = sorted(refused ?? AFTER_REPLACEMENT[name]);
    expect(await outcomeOf(provider, name, happening)).toEqual(expected);
  });

  test.each(names)('after the card is lost: %s', async (name) => {
    const refused = REFUSED[name];
    const happening = refused ? refusedToSwitch : switched;
    const { mails, ...outcome } = await outcomeOf(provider, name, lost, happening);
    const expected = sorted(refused ? AFTER_LOSS[name] : AFTER_REPLACEMENT[name]);
    const told = refused ? mails : mails.filter((mail) => mail !== LOST);
    expect({ ...outcome, mails: told }).toEqual(expected);
  });

  test.each(Object.keys(REFUSED) as MomentName[])(
    'and nobody knew yet of the attempt, which stays with the provider that it was made with: %s',
    async (name) => {
      const ordeal = await openOrdeal(provider);
      ordeal.shop.overheard.hold('billing.attempt-unresolved.v1');
      const expected = sorted(AFTER_REPLACEMENT[name]);
      expect(await outcomeIn(ordeal, name, switched)).toEqual(expected);
    },
  );
});
