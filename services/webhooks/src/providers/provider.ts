import type { Announcement, Cause } from '@perennial/contracts';
import type { FieldError } from '@perennial/service';
import type { Answer } from '../door/answer';
import type { RawRequest } from '../door/raw-request';
import type { Json } from '../door/strict-json';

/** What a provider's request says about one event. A batch has several. */
export type Reading = UsableEvent | IgnoredEvent | UnusableEvent;

interface EventFacts {
  /** What an operator would look it up by: our reference, else the provider's. */
  readonly reference: string | null;
  /** One event of a batch, as a body that says just that when read alone; absent: the whole request. */
  readonly body?: Json;
  /** What is the same whenever it is told again; absent: the body. */
  readonly content?: Json;
}

interface UsableEvent extends EventFacts {
  readonly kind: 'usable';
  readonly eventId: string;
  readonly type: string;
  readonly announce: (cause: Cause) => Announcement;
}

/** A type of event that nobody acts on. */
interface IgnoredEvent extends EventFacts {
  readonly kind: 'ignored';
  readonly eventId: string;
  readonly type: string;
}

interface UnusableEvent extends EventFacts {
  readonly kind: 'unusable';
  /** Both null where they could not be read. */
  readonly eventId: string | null;
  readonly type: string | null;
  /** 400: no JSON that we take; 422: not what was agreed. */
  readonly status: 400 | 422;
  readonly problems: readonly FieldError[];
}

/** What became of an event. `conflict`: its id was taken by other content, which was kept. */
export interface Outcome {
  readonly reading: Reading;
  readonly became: 'accepted' | 'duplicate' | 'conflict' | 'ignored' | 'quarantined';
}

export type Authentication =
  | { readonly ok: false }
  /** `eventId`: said by the authenticated request itself, outside of its body. */
  | { readonly ok: true; readonly eventId: string | null };

/** A request that was authenticated, and what was understood of its bytes. */
interface Understood {
  readonly request: RawRequest;
  readonly content: Json | Buffer;
}

/** All that differs between providers. The door knows none by name. */
export interface Provider {
  readonly name: string;
  /** Who may connect at all; absent: anybody. The address is that of the socket. */
  readonly peers?: { check(address: string): boolean };
  /** A listener for it alone; absent: that of the others. */
  readonly listen?: { readonly host: string; readonly port: number };
  /** `true`: integers that no number holds exactly are read as texts, digit by digit. */
  readonly longIntegersAsText?: boolean;
  /** Over the raw bytes, before anything is parsed. */
  authenticate(request: RawRequest): Authentication | Promise<Authentication>;
  /** Pure. `eventId` is what authentication told, on a replay what was kept. */
  read(body: Json, eventId: string | null): readonly Reading[];
  acknowledge(outcomes: readonly Outcome[], understood: Understood): Answer;
  /** Further calls under the provider's path, by their last segment; null: not authentic. */
  readonly calls?: Readonly<Record<string, (request: RawRequest) => Promise<Answer | null>>>;
}
