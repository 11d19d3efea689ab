import type { Bench } from '../bench';
import type { Checks } from '../check';
import { expected, truth, unless, type Violations } from '../violations';

const lags = (harness: { readonly lags: boolean }) => harness.lags;

async function chargeLags(bench: Bench): Promise<Violations> {
  const { attempt } = await bench.charged('enquiry_lag_ok');
  const early = await bench.enquire(attempt);
  await bench.pass(bench.sheet.enquiryLagMs);
  const evidence = await bench.enquire(attempt);
  return [
    ...expected('a charge, asked about at once,', early, 'not_found', 'succeeded', 'unknown'),
    ...expected('a charge, past the declared lag,', evidence, 'succeeded'),
    ...truth('a charge, past the declared lag,', evidence, bench.moved(attempt), attempt.amount),
  ];
}

async function refundLags(bench: Bench): Promise<Violations> {
  const { paymentReference } = await bench.charged('ok_refund_enquiry_lag');
  await bench.pass(24 * 3_600_000);
  const refund = bench.refundOf(paymentReference);
  await bench.refund(refund, paymentReference);
  await bench.pass(bench.sheet.enquiryLagMs);
  const evidence = await bench.enquireRefund(refund, paymentReference);
  return [
    ...expected('a refund, past the declared lag,', evidence, 'succeeded'),
    ...unless(bench.movedBack(refund).length === 1, 'money has not gone back exactly once'),
  ];
}

async function seesAtOnce(bench: Bench): Promise<Violations> {
  const { attempt } = await bench.charged('ok');
  const evidence = await bench.enquire(attempt);
  return expected('a charge, asked about at once,', evidence, 'succeeded');
}

export const lag: Checks = {
  'a charge is found when the declared lag is over': { appliesTo: lags, run: chargeLags },
  'a refund is found when the declared lag is over': { appliesTo: lags, run: refundLags },
  'a charge is found at once where nothing lags': {
    appliesTo: (harness) => !lags(harness),
    run: seesAtOnce,
  },
};
