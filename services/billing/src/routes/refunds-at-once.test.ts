import { describeRefundsAtOnce } from '../../test/refunds-at-once-suite';

describeRefundsAtOnce(async () => 'sqlite::memory:');
