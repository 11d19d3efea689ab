import { describeReconciliation } from '../../test/reconciliation-suite';

describeReconciliation(async () => 'sqlite::memory:');
