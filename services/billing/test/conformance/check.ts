import type { Bench } from './bench';
import type { Harness } from './harness';
import type { Violations } from './violations';

/** Something that must hold of every provider and its adapter; its name says what. */
export interface Check {
  /** Whether webhooks are listened to. */
  readonly listening?: boolean;
  /** Whether it waits for an answer that never comes, or hardly ever. */
  readonly silence?: boolean;
  /** Absent: of every provider. */
  appliesTo?(harness: Harness): boolean;
  run(bench: Bench): Promise<Violations>;
}

export type Checks = Readonly<Record<string, Check>>;
