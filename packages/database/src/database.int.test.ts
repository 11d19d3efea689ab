import { testMysqlUrl } from '@perennial/testing';
import { describeDatabase } from '../test/database-suite';
import { openDatabase } from './database';

describeDatabase(async () => openDatabase(await testMysqlUrl()));
