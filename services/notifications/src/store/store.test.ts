import { openDatabase } from '@perennial/database';
import { describeKnown } from '../../test/known-suite';
import { describeMails } from '../../test/mails-suite';
import { describePlans } from '../../test/plan-suite';

const open = (countStatement?: (sql: string) => void) =>
  openDatabase('sqlite::memory:', countStatement ? { countStatement } : {});

describe('mails', () => describeMails(open));
describe('what is known', () => describeKnown(open));
describe('plans', () => describePlans(open));
