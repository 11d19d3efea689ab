import { describeDatabase } from '../test/database-suite';
import { openDatabase } from './database';

describeDatabase(() => openDatabase('sqlite::memory:'));
