import { describeMessaging } from '../test/messaging-suite';

describeMessaging(async () => 'sqlite::memory:');
