import { openDatabase } from '@perennial/database';
import { describeSessions } from '../../../test/sessions-suite';

describeSessions((countStatement) => openDatabase('sqlite::memory:', { countStatement }));
