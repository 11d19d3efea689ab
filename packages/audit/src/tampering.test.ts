import { openDatabase } from '@perennial/database';
import { describeTampering } from '../test/tampering-suite';

describeTampering(() => openDatabase('sqlite::memory:'));
