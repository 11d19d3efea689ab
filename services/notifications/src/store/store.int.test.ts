import { openDatabase } from '@perennial/database';
import { testMysqlUrl } from '@perennial/testing';
import { describeKnown } from '../../test/known-suite';
import { describeMails } from '../../test/mails-suite';
import { describePlans } from '../../test/plan-suite';

const open = async (countStatement?: (sql: string) => void) =>
  openDatabase(await testMysqlUrl(), countStatement ? { countStatement } : {});

describe('mails', () => describeMails(open));
describe('what is known', () => describeKnown(open));
describe('plans', () => describePlans(open));
