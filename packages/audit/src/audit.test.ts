import { openDatabase } from '@perennial/database';
import { describeAudit } from '../test/audit-suite';

describeAudit(() => openDatabase('sqlite::memory:'));
