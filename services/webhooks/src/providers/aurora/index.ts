import type { Clock } from '@perennial/calendar';
import { acknowledgeOne } from '../../door/acknowledge';
import type { Provider } from '../provider';
import { readEvent } from './read-event';
import type { WebhookSecret } from './secrets';
import { authenticate } from './signature';

interface AuroraSettings {
  readonly secrets: readonly WebhookSecret[];
  /** Answer 2xx to what lies in quarantine, so that Aurora does not tell it again and again. */
  readonly acknowledgeQuarantined: boolean;
}

/** One event a request, signed by Standard Webhooks. */
export function createAurora(settings: AuroraSettings, clock: Clock): Provider {
  return {
    name: 'aurora',
    authenticate: (request) => authenticate(request, settings.secrets, clock.now()),
    read: (body, webhookId) => [readEvent(body, webhookId)],
    acknowledge: ([outcome], request) => acknowledgeOne(outcome, request, settings),
  };
}
