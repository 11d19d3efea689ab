import { z } from 'zod';
import { defineProvider } from '../adapter';
import { webhookSecrets } from '../webhook-secrets';
import { acknowledgeBatch } from './acknowledge';
import { ListenAddress } from './listen-address';
import { Peers } from './peers';
import { readBatch } from './read-batch';
import { Sessions } from './sessions';

const BorealisSettings = z.object({
  /** Who it says it is, and what its proofs are about. */
  BOREALIS_PARTNER_CODE: z.string().min(1),
  /** Raw text, comma-separated during a rotation, each with an optional `@<end>`. */
  BOREALIS_WEBHOOK_SECRETS: webhookSecrets((text) => Buffer.from(text), 'a text'),
  /** `true`: a batch that lies in quarantine as a whole is acknowledged where it has a number. */
  BOREALIS_ACKNOWLEDGE_QUARANTINED: z.stringbool().default(false),
  BOREALIS_PEERS: Peers,
  /** `host:port` of a listener for it alone; absent: that of the others. */
  BOREALIS_LISTEN: ListenAddress.optional(),
});

/** Batches of events, within sessions that it opens with us, from addresses that we know. */
export const adapter = defineProvider({
  name: 'borealis',
  enabledBy: 'BOREALIS_WEBHOOK_SECRETS',
  settings: BorealisSettings,
  create: (settings, world) => {
    const provider = 'borealis';
    const secrets = settings.BOREALIS_WEBHOOK_SECRETS;
    const partnerCode = settings.BOREALIS_PARTNER_CODE;
    const sessions = new Sessions({ provider, partnerCode, secrets }, world);
    const acknowledgeQuarantined = settings.BOREALIS_ACKNOWLEDGE_QUARANTINED;
    const listen = settings.BOREALIS_LISTEN;
    return {
      name: provider,
      peers: settings.BOREALIS_PEERS,
      longIntegersAsText: true,
      ...(listen && { listen }),
      authenticate: (request) => sessions.authenticate(request),
      read: readBatch,
      acknowledge: (outcomes, understood) =>
        acknowledgeBatch(outcomes, understood, { acknowledgeQuarantined }),
      calls: { session: (request) => sessions.open(request) },
    };
  },
});
