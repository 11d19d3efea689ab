import { openDatabase } from '@perennial/database';
import { testMysqlUrl } from '@perennial/testing';
import { describeStore } from '../test/store-suite';

describeStore(async (countStatement) => openDatabase(await testMysqlUrl(), { countStatement }));
