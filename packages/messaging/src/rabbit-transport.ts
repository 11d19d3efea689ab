import type { Logger } from '@perennial/logger';
import { Intake } from './rabbit/intake';
import { Publisher } from './rabbit/publisher';
import type { Transport } from './transport';

export interface RabbitOptions {
  /** `amqp://user:password@host:port/vhost`. */
  readonly url: string;
  readonly logger: Logger;
  /** How long to wait for the broker's confirms before the channel is replaced; default 10 s. */
  readonly confirmMs?: number;
  /** A longer message is not sent at all; default 1 MiB. */
  readonly maxBytes?: number;
}

const CONFIRM_MS = 10_000;
const MAX_BYTES = 1024 * 1024;

/**
 * Carries by RabbitMQ: a topic exchange for each producing service, a quorum queue for each consuming
 * one. Connects at once, in the background, and again whenever the broker was away.
 */
export function createRabbitTransport(options: RabbitOptions): Transport {
  const { url, logger, confirmMs = CONFIRM_MS, maxBytes = MAX_BYTES } = options;
  const publisher = new Publisher({ url, logger, confirmMs, maxBytes });
  const intakes = new Set<Intake>();
  const started = publisher.start().catch((error: unknown) => {
    logger.error({ err: error }, 'the broker refuses us');
  });
  return {
    publish: (owner, messages) => publisher.publish(owner, messages),
    async subscribe(subscription) {
      const intake = new Intake(subscription, { url, logger });
      await intake.start();
      intakes.add(intake);
      return async () => {
        intakes.delete(intake);
        await intake.stop();
      };
    },
    ready: () => publisher.isReady && [...intakes].every((intake) => intake.isReady),
    async close() {
      await started;
      await Promise.all([publisher.stop(), ...[...intakes].map((intake) => intake.stop())]);
    },
  };
}
