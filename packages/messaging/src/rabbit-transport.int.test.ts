import { createLogger } from '@perennial/logger';
import { testMysqlUrl } from '@perennial/testing';
import { createRabbitTransport } from '../src';
import { emptyBrokerUrl } from '../test/empty-broker';
import { describeTransport } from '../test/transport-suite';

const logger = createLogger({ name: 'test', level: 'silent' });

describeTransport({
  createTransport: async () => createRabbitTransport({ url: await emptyBrokerUrl(), logger }),
  databaseUrl: testMysqlUrl,
});
