import { describeReconciliationPages } from '../../../test/reconciliation-pages-suite';

describeReconciliationPages(async () => 'sqlite::memory:');
