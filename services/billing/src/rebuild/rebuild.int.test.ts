import { testMysqlUrl } from '@perennial/testing';
import { describeRebuild } from '../../test/rebuild-suite';

describeRebuild(testMysqlUrl);
