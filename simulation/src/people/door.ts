import type { Instant } from '@perennial/calendar';
import type { ProviderName, ServiceName } from '../record';

export interface Answer {
  readonly status: number;
  /** Null: there was none. Undefined: nobody can read it. */
  readonly body: unknown;
}

/** A charge that took money, as the provider has it. */
export interface ChargeThere {
  /** The provider's. */
  readonly id: string;
  readonly amountMinor: number;
  /** What went back already, or is on its way. */
  readonly refundedMinor: number;
}

/** All that people reach of the world: the services, the providers' own desks, and time. */
export interface Door {
  now(): Instant;
  /**
   * One exchange with any replica of the service. Null: no answer came, whether or not it had an
   * effect; it must have none after this any more.
   */
  send(
    service: ServiceName,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Answer | null>;
  /** Waits on the run's own clock. */
  pause(ms: number): Promise<void>;
  /** At the provider, which tells it by webhook. */
  loseCard(
    provider: ProviderName,
    paymentMethod: string,
    cause: 'expired' | 'cancelled',
  ): Promise<void>;
  /** Whether the provider did it. */
  refundInDashboard(
    provider: ProviderName,
    chargeId: string,
    amountMinor: number,
  ): Promise<boolean>;
  /** Oldest first. */
  chargesOf(provider: ProviderName, paymentMethod: string): Promise<readonly ChargeThere[]>;
}
