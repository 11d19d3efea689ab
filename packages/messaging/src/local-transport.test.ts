import { createLocalTransport } from '../src';
import { describeTransport } from '../test/transport-suite';

describeTransport({
  createTransport: async () => createLocalTransport(),
  databaseUrl: async () => 'sqlite::memory:',
});
