import { createAurora } from '@perennial/simulators';
import { describeConformance } from '../../../test/conformance/suite';
import { adapter } from '.';

const secret = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

describeConformance({
  adapter,
  billing: (url) => ({ AURORA_URL: url, AURORA_API_KEY: 'sk_test' }),
  webhooks: { AURORA_WEBHOOK_SECRETS: secret },
  simulate: (clock, url) => {
    const aurora = createAurora({ clock, apiKey: 'sk_test', webhook: { url, secret } });
    const setBusy = (busy: boolean) => aurora.setFaults(1, { '429': busy ? 1 : 0 });
    return { ...aurora, setBusy };
  },
  card: (words) => `pm_${words}`,
  declines: {
    insufficient_funds: 'insufficient_funds',
    expired_card: 'card_expired',
    card_declined: 'do_not_honor',
    do_not_honor: 'do_not_honor',
    fraud_suspected: 'suspected_fraud',
    processing_error: 'processing_error',
    lost_in_the_post: 'unknown',
  },
  // Its enquiries see a payment at once, whatever its simulator can be told.
  lags: false,
});
