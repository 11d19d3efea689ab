import { testMysqlUrl } from '@perennial/testing';
import { describeMessaging } from '../test/messaging-suite';

describeMessaging(testMysqlUrl);
