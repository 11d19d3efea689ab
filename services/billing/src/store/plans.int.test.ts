import { testMysqlUrl } from '@perennial/testing';
import { describePlans } from '../../test/plan-suite';

describePlans(testMysqlUrl);
