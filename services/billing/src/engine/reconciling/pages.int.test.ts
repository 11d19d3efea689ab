import { testMysqlUrl } from '@perennial/testing';
import { describeReconciliationPages } from '../../../test/reconciliation-pages-suite';

describeReconciliationPages(testMysqlUrl);
