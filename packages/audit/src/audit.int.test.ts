import { openDatabase } from '@perennial/database';
import { testMysqlUrl } from '@perennial/testing';
import { describeAudit } from '../test/audit-suite';

describeAudit(async () => openDatabase(await testMysqlUrl()));
