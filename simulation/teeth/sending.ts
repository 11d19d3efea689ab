import type { Tooth } from '../src/teeth/tooth';

const RESUMING = 'services/billing/src/domain/resuming.ts';

const anotherRequest = `
  if (!asksTheSame(account, left, attempt, moment)) {
    return withPayment(account, { ...left, nextAttemptAt: moment.now });
  }`;

/** What is sent to a provider, under which key, and by whom. */
export const sending: readonly Tooth[] = [
  {
    name: 'key-outlived',
    story:
      'A key is used after the provider has forgotten it: the same charge is taken as a new one.',
    edits: [
      {
        file: 'services/billing/src/domain/delays.ts',
        find: 'return msOf(now) + CALL_LEASE_MS < msOf(firstSentAt) + keyLifetimeMs;',
        replace: 'return true;',
      },
    ],
  },
  {
    name: 'key-with-two-bodies',
    story:
      'The amount of a group is reckoned anew when its attempt is sent again under the same key.',
    edits: [
      {
        file: RESUMING,
        find: anotherRequest,
        replace: `
  const method = account.customer.paymentMethod;
  if (method?.provider === attempt.provider && !asksTheSame(account, left, attempt, moment)) {
    const { reference, startedAt: at } = attempt;
    const amount = amountOf(left);
    const facts = { reference, amount, paymentMethod: method.reference, at };
    const body = moment.sheetOf(attempt.provider).chargeBody(facts);
    return withPayment(account, resent(left, { ...attempt, amount, body }, moment));
  }${anotherRequest}`,
      },
    ],
  },
  {
    name: 'old-attempt-to-new-provider',
    story: 'After a switch the old provider’s attempt is sent to the new one, under the same key.',
    edits: [
      {
        file: RESUMING,
        find: anotherRequest,
        replace: `
  const provider = account.customer.paymentMethod?.provider ?? attempt.provider;
  if (provider !== attempt.provider) {
    return withPayment(account, resent(left, { ...attempt, provider }, moment));
  }${anotherRequest}`,
      },
    ],
  },
  {
    name: 'sent-though-not-committed',
    story:
      'A commit without an answer is thought to have gone through: charged, and nobody knows of it.',
    edits: [
      {
        file: 'services/billing/src/engine/claim.ts',
        find: `
  try {
    return await context.db.transaction((tx) => claimIn(tx, provider, limit, context, announce));
  } catch (error) {`,
        replace: `
  const decided: Claimed[] = [];
  try {
    return await context.db.transaction(async (tx) => {
      const claimed = await claimIn(tx, provider, limit, context, announce);
      decided.push(claimed);
      return claimed;
    });
  } catch (error) {
    const last = decided.at(-1);
    if (last) return last;`,
      },
    ],
  },
  {
    name: 'claim-without-end',
    story: 'A claim has no expiry: what a killed process had in hand is never taken up again.',
    edits: [
      {
        file: 'services/billing/src/domain/charging.ts',
        find: 'nextActionAt: addMs(moment.now, CALL_LEASE_MS),',
        replace: 'nextActionAt: addMs(moment.now, 3_650 * 86_400_000),',
      },
    ],
  },
  {
    name: 'claim-for-days',
    story:
      'A claim lasts for days: what a killed process had in hand is taken up when grace is over.',
    edits: [
      {
        file: 'services/billing/src/domain/charging.ts',
        find: 'nextActionAt: addMs(moment.now, CALL_LEASE_MS),',
        replace: 'nextActionAt: addMs(moment.now, 3 * 86_400_000),',
      },
    ],
  },
  {
    name: 'sent-by-the-recovery-only',
    story: 'What was decided is not sent, but found missing a minute later: every charge is late.',
    edits: [
      {
        file: 'services/billing/src/domain/plan.ts',
        find: "if (after.sends > (before?.sends ?? 0)) return 'send';",
        replace: "if (before ? after.sends > before.sends : false) return 'send';",
      },
    ],
  },
  {
    name: 'taken-up-on-the-hour',
    story: 'What is under way is looked at when an hour is over: resends and enquiries come late.',
    edits: [
      {
        file: 'services/billing/src/domain/due.ts',
        find: `
    ...account.refunds.map((refund) => refund.nextActionAt),
  ];`,
        replace: `
    ...account.refunds.map((refund) => refund.nextActionAt),
  ].map((at) => at && (at.slice(0, 13).concat(':59:59.999Z') as Instant));`,
      },
    ],
  },
  {
    name: 'under-way-forgotten',
    story:
      'Nobody looks again after a charge without an answer, before something else of its customer is due.',
    edits: [
      {
        file: 'services/billing/src/domain/due.ts',
        find: '    ...account.payments.flatMap(({ attempts }) => attempts.map((attempt) => attempt.nextActionAt)),\n',
        replace: '',
      },
    ],
  },
  {
    name: 'yen-in-hundredths',
    story: 'Every currency has two decimals: 1250 yen are sent to the bank as 12.50.',
    edits: [
      {
        file: 'services/billing/src/providers/borealis/index.ts',
        find: 'sum: decimalText(amount), ccy, whenTs',
        replace: 'sum: (amount.amountMinor / 100).toFixed(2), ccy, whenTs',
      },
    ],
  },
  {
    name: 'failure-kept',
    story:
      'An error is remembered as the answer: after one lost connection a process charges nobody any more.',
    edits: [
      {
        file: 'services/billing/src/engine/run-tally.ts',
        find: `
    this.run ??= startRun(this.context).catch((error: unknown) => {
      this.run = null;
      throw error;
    });`,
        replace: `
    this.run ??= startRun(this.context);`,
      },
    ],
  },
];
