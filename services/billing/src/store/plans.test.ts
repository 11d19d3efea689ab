import { describePlans } from '../../test/plan-suite';

describePlans(async () => 'sqlite::memory:');
