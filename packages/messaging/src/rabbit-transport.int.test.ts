import { createLogger } from '@perennial/logger';
import { testAmqpUrl, testMysqlUrl } from '@perennial/testing';
import { createRabbitTransport } from '../src';
import { describeTransport } from '../test/transport-suite';

const logger = createLogger({ name: 'test', level: 'silent' });

describeTransport({
  createTransport: async () => createRabbitTransport({ url: await testAmqpUrl(), logger }),
  databaseUrl: testMysqlUrl,
});
