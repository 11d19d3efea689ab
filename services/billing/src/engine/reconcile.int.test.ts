import { testMysqlUrl } from '@perennial/testing';
import { describeReconciliation } from '../../test/reconciliation-suite';

describeReconciliation(testMysqlUrl);
