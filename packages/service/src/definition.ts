import type { Instant, Timer } from '@perennial/calendar';
import type { Announcement, ServiceName } from '@perennial/contracts';
import type { Tx } from '@perennial/database';
import type { MessageHandler } from '@perennial/messaging';
import type { Express } from 'express';
import type { Route } from './route';

/** Writes messages to the service's outbox, in the transaction of what they tell. */
export type Announce = (announcements: readonly Announcement[], tx: Tx) => Promise<void>;

/** An HTTP listener for callers of one kind only. */
export interface Listener {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly mount: (app: Express, announce: Announce) => void;
}

/** What a service is made of: its table of contents. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly routes: readonly Route[];
  readonly messages: readonly MessageHandler[];
  /** The function form is for timers that announce: theirs is the transaction, so theirs is the writing. */
  readonly timers: readonly Timer[] | ((announce: Announce) => readonly Timer[]);
  /** Mounted before the routes, for bodies that must stay raw (the webhook door). */
  readonly mount?: (app: Express, announce: Announce) => void;
  /** Beside the one with the routes: each serves what it mounts, and nothing else. */
  readonly listeners?: readonly Listener[];
  /** Told in the transaction that marks messages as published. */
  readonly onPublished?: (messageIds: readonly string[], at: Instant, tx: Tx) => Promise<void>;
}
