import { killedEverywhere } from '../test/killed-everywhere';

killedEverywhere('borealis', {
  'a charge, its webhook and its mail': 50,
  'a charge that is told by webhook only': 64,
  'a decline and its mail': 52,
  'a refund and its mail': 52,
  'a refund in the dashboard': 34,
  'a cancellation at once': 20,
  'a cancellation that takes effect': 32,
  'a lost card and its mail': 42,
});
