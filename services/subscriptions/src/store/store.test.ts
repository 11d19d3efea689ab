import { openDatabase } from '@perennial/database';
import { describeStore } from '../../test/store-suite';

describeStore((countStatement) => openDatabase('sqlite::memory:', { countStatement }));
