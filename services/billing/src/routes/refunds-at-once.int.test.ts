import { testMysqlUrl } from '@perennial/testing';
import { describeRefundsAtOnce } from '../../test/refunds-at-once-suite';

describeRefundsAtOnce(testMysqlUrl);
