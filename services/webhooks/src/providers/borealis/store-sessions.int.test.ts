import { openDatabase } from '@perennial/database';
import { testMysqlUrl } from '@perennial/testing';
import { describeSessions } from '../../../test/sessions-suite';

describeSessions(async (countStatement) => openDatabase(await testMysqlUrl(), { countStatement }));
