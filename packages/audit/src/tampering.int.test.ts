import { openDatabase } from '@perennial/database';
import { testMysqlUrl } from '@perennial/testing';
import { describeTampering } from '../test/tampering-suite';

describeTampering(async () => openDatabase(await testMysqlUrl()));
