import type { Clock } from '@perennial/calendar';
import type { Ids } from '@perennial/contracts';
import type { Database } from '@perennial/database';
import type { Logger } from '@perennial/logger';
import type { Transport } from '@perennial/messaging';
import type { HttpClient } from './http-client';

/** Everything a service knows of the world. Handed in, so that the same code runs alone, embedded and simulated. */
export interface Ports {
  readonly db: Database;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly http: HttpClient;
  readonly logger: Logger;
}
