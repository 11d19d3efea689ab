import type { Invariant } from '../invariant';
import { DAY_MS, msOf } from '../oracle/london';
import {
  type BookedCharge,
  type BookedRefund,
  type Call,
  PROVIDERS,
  type RunRecord,
} from '../record';
import { violation } from './judging';
import { always } from './watching';

const KEY_LIFE_MS = { aurora: DAY_MS, borealis: null } as const;

/** Judged by what goes over the wire and what the providers enter, at every step. */
export function wireInvariants(): readonly Invariant[] {
  return [
    always(
      {
        name: 'money/one-key-one-body',
        meaning: 'A key is sent with the same reference and the same body, for ever.',
      },
      callsOf,
      oneKeyOneBody,
    ),
    always(
      {
        name: 'money/no-resend-after-key-life',
        meaning:
          "Nothing is sent under a key that the provider may have forgotten: Aurora's live 24 h.",
      },
      callsOf,
      noResendAfterKeyLife,
    ),
    always(
      {
        name: 'money/one-charge-a-reference',
        meaning: 'Under a reference of ours a provider has entered at most one charge.',
      },
      chargesOf,
      oneChargeAReference,
    ),
    always(
      {
        name: 'refunds/one-request-one-refund',
        meaning: 'Under a reference of ours a provider has given money back at most once.',
      },
      refundsOf,
      oneRefundAReference,
    ),
  ];
}

function callsOf({ calls }: RunRecord) {
  return [calls];
}

function chargesOf({ books }: RunRecord) {
  return PROVIDERS.map((provider) => books[provider].charges);
}

function refundsOf({ books }: RunRecord) {
  return PROVIDERS.map((provider) => books[provider].refunds);
}

function movesMoney({ kind }: Call): boolean {
  return kind !== 'enquiry';
}

function oneKeyOneBody() {
  const first = new Map<string, Call>();
  return (call: Call) => {
    if (!movesMoney(call)) return null;
    const key = `${call.provider} ${call.kind} ${call.key}`;
    const known = first.get(key) ?? call;
    first.set(key, known);
    if (known.body === call.body && known.reference === call.reference) return null;
    return violation(
      `key ${call.key} was sent to ${call.provider} with ${known.body}, and at ${call.at} with ${call.body}`,
      ...[call.reference, known.reference],
    );
  };
}

function noResendAfterKeyLife() {
  const sent = new Map<string, Call[]>();
  return (call: Call) => {
    const life = KEY_LIFE_MS[call.provider];
    if (!movesMoney(call) || life === null) return null;
    const known = sent.get(`${call.kind} ${call.key}`) ?? [];
    sent.set(`${call.kind} ${call.key}`, [...known, call]);
    // A connection that was refused has brought nothing to the provider: its key does not live yet.
    const first = known.find(({ arrived }) => arrived);
    if (!first || msOf(call.at) < msOf(first.at) + life) return null;
    return violation(
      `key ${call.key} came to ${call.provider} at ${first.at} and was sent again at ${call.at}`,
      call.reference,
    );
  };
}

function oneChargeAReference() {
  const known = new Map<string, BookedCharge>();
  return (charge: BookedCharge, provider: number) => {
    const key = `${provider} ${charge.merchantReference}`;
    const first = known.get(key);
    known.set(key, first ?? charge);
    return first
      ? violation(
          `${PROVIDERS[provider]} has ${first.id} and ${charge.id} under ${charge.merchantReference}`,
          charge.merchantReference,
        )
      : null;
  };
}

function oneRefundAReference() {
  const known = new Map<string, BookedRefund[]>();
  return (refund: BookedRefund, provider: number) => {
    if (refund.merchantReference === null) return null;
    const key = `${provider} ${refund.merchantReference}`;
    const before = known.get(key) ?? [];
    known.set(key, [...before, refund]);
    const stands = before.find(({ status }) => status !== 'failed');
    return stands && refund.status !== 'failed'
      ? violation(
          `${PROVIDERS[provider]} gave money back under ${refund.merchantReference} as ${stands.id} and ${refund.id}`,
          refund.merchantReference,
        )
      : null;
  };
}
