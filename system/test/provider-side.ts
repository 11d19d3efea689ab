import type { Answer, Asked, Gate } from './gate';
import type { Json, Shop } from './shop';

export const PROVIDERS = ['aurora', 'borealis'] as const;
export type ProviderName = (typeof PROVIDERS)[number];

/** A charge or refund as it was sent: its key, and its body to the letter. */
export interface Sent {
  readonly key: string;
  readonly reference: string;
  readonly body: string;
}

/** What an event says of a charge. */
export interface ToldOutcome {
  readonly eventId: string;
  readonly outcome: 'success' | 'failure';
  readonly reference: string;
  readonly providerReference: string;
  readonly amountMinor: number;
  readonly sequence: number;
  /** The provider's time of the event. */
  readonly at: string;
}

/** What an event says of a refund from the dashboard. */
export interface ToldRefund {
  readonly eventId: string;
  readonly refundId: string;
  readonly providerReference: string;
  readonly amountMinor: number;
  readonly at: string;
}

/** What an event says of a card. */
export interface ToldCard {
  readonly eventId: string;
  readonly paymentMethod: string;
  readonly at: string;
}

/** A provider from its own side of the line: in its own words, behind the back of our system. */
export interface ProviderSide {
  readonly name: ProviderName;
  /** `card`: words that tell the simulator what to do. */
  method(card: string): string;
  /** What an enquiry is answered that finds nothing. */
  readonly notFound: Answer;
  /** How many enquiries, from half a minute on, until that is past its lag, and so is evidence. */
  readonly absentAfter: number;
  /** How long its keys live. */
  readonly keyLifetimeHours: number;
  /** How the door answers the same event so many times. */
  acknowledged(times: number): number[];
  sent(asked: readonly Asked[], kind: 'charge' | 'refund'): Sent[];
  tellOutcome(shop: Shop, told: ToldOutcome): Promise<number>;
  tellRefund(shop: Shop, told: ToldRefund): Promise<number>;
  /** That it has expired. */
  tellLostCard(shop: Shop, told: ToldCard): Promise<number>;
  /** Takes money with our credentials, of which nobody here knows; answers its id there. */
  chargeByStranger(shop: Shop, line: Gate, reference: string): Promise<string>;
}

/** The attempt of a payment as billing tells it over HTTP. */
export function attemptOf(payment: Json, number: number): Json {
  return payment.attempts.find((attempt: Json) => attempt.number === number);
}
