import type { Messaging } from '@perennial/messaging';
import type { Express } from 'express';
import type { Registry } from 'prom-client';
import type { ServiceDefinition } from './definition';
import type { ApiToken } from './http/api-tokens';
import type { Ports } from './ports';
import type { Timeline } from './time/timeline';

export interface StartOptions {
  /** 0: any free port. */
  readonly port: number;
  /** Default 127.0.0.1 … */
  readonly host?: string;
  readonly apiTokens: readonly ApiToken[];
  readonly timeline: Timeline;
}

export interface RunningService {
  readonly url: string;
  readonly app: Express;
  readonly messaging: Messaging;
  readonly metrics: Registry;
  /** Takes nothing new, finishes what it has begun, lets go. The ports stay open: they are the caller's. */
  stop(): Promise<void>;
}
