import { migrate, openDatabase } from '@perennial/database';
import { testMysqlUrl } from '@perennial/testing';
import { describeAccounts } from '../../test/account-suite';
import { describeConstraints } from '../../test/constraint-suite';
import { describeLists } from '../../test/lists-suite';
import { billingMigrations } from '../migrations';
import { DiscrepancyModel } from './discrepancies';

const open = async () => {
  const db = await openDatabase(await testMysqlUrl(), { models: [DiscrepancyModel] });
  await migrate(db, [billingMigrations]);
  return db;
};

describe('accounts', () => describeAccounts(open));
describe('constraints', () => describeConstraints(open));
describe('lists', () => describeLists(open));
