import { describeRebuild } from '../../test/rebuild-suite';

describeRebuild(async () => 'sqlite::memory:');
