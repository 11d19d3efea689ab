import { createBorealis } from '@perennial/simulators';
import { describeConformance } from '../../../test/conformance/suite';
import { adapter } from '.';

const partnerCode = 'PERENNIAL';
const apiSecret = 'by which the bank knows who we are';
const secret = 'by which we know that it is the bank';

describeConformance({
  adapter,
  billing: (url) => ({
    ...{ BOREALIS_URL: url, BOREALIS_PARTNER_CODE: partnerCode, BOREALIS_API_SECRET: apiSecret },
  }),
  webhooks: { BOREALIS_PARTNER_CODE: partnerCode, BOREALIS_WEBHOOK_SECRETS: secret },
  simulate: (clock, url) => {
    const borealis = createBorealis({ clock, partnerCode, apiSecret, webhook: { url, secret } });
    const setBusy = (busy: boolean) => borealis.setFaults(1, { '429': busy ? 1 : 0 });
    return { ...borealis, setBusy };
  },
  card: (words) => `ct_${words}`,
  declines: {
    INSUFF: 'insufficient_funds',
    EXPCARD: 'card_expired',
    DNH: 'do_not_honor',
    FRD: 'suspected_fraud',
    LOSTINPOST: 'unknown',
  },
  lags: true,
  losses: ['96_after', 'unknown_st'],
  hurdles: ['session_loss'],
});
