import type { Clock, Timer } from '@perennial/calendar';
import type { DeclineReason } from '@perennial/contracts';
import type { Adapter } from '@perennial/service';
import type { Ledger } from '@perennial/simulators';
import type { OpenProvider } from '../../src/providers/adapter';

export type Environment = Readonly<Record<string, string>>;

/** A provider to test with, in memory; its webhooks go out when its timer runs. */
export interface Simulator {
  readonly timer: Timer;
  listen(port: number): Promise<string>;
  /** The truth: what moved money, in minor units. */
  ledger(): Ledger;
  /** From then on every call is turned away as one too many, or none. */
  setBusy(busy: boolean): void;
  stop(): Promise<void>;
}

/** What the kit must be told of a provider: how it is set up, and what its simulator can be told. */
export interface Harness {
  readonly adapter: Adapter<OpenProvider>;
  /** The adapter's settings, in billing and in webhooks. */
  billing(url: string): Environment;
  readonly webhooks: Environment;
  simulate(clock: Clock, webhookUrl: string): Simulator;
  /** A payment method with these words in it: `pm_<words>`. */
  card(words: string): string;
  /** Words behind `decline_`, and what they are called here; `unknown` stands for all that is unheard of. */
  readonly declines: Readonly<Record<string, DeclineReason>>;
  /** Whether an enquiry may lag: only then `enquiry_lag` is something that the provider really does. */
  readonly lags: boolean;
  /** Words of its own by which an answer gets lost after the work was done. */
  readonly losses?: readonly string[];
  /** Words of its own that a call overcomes by itself. */
  readonly hurdles?: readonly string[];
}
