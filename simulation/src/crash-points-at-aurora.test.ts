import { killedEverywhere } from '../test/killed-everywhere';

killedEverywhere('aurora', {
  'a charge, its webhook and its mail': 45,
  'a charge that is told by webhook only': 59,
  'a decline and its mail': 47,
  'a refund and its mail': 47,
  'a refund in the dashboard': 31,
  'a cancellation at once': 20,
  'a cancellation that takes effect': 32,
  'a lost card and its mail': 39,
});
