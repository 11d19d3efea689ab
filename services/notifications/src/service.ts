import { sealer } from '@perennial/audit';
import type { Ports, ServiceDefinition } from '@perennial/service';
import { contextOf } from './context';
import { onCancellationRevoked, onCancellationScheduled } from './handlers/cancellation';
import { onCustomerErased } from './handlers/customer-erased';
import { onPaymentDeclined } from './handlers/payment-declined';
import { onPaymentExhausted } from './handlers/payment-exhausted';
import { onPaymentRefunded } from './handlers/payment-refunded';
import { onPaymentSucceeded } from './handlers/payment-succeeded';
import { onSubscriptionEnded } from './handlers/subscription-ended';
import { previewMail } from './routes/preview-mail';
import { readMail, readMails } from './routes/read-mails';
import { sendMails } from './sending/send-mails';
import type { Settings } from './settings';

export function createNotifications(ports: Ports, settings: Settings): ServiceDefinition {
  const context = contextOf(ports, settings);
  return {
    name: 'notifications',
    routes: [readMails, readMail, previewMail],
    messages: [
      onPaymentSucceeded(context),
      onPaymentDeclined(context),
      onPaymentExhausted(),
      onPaymentRefunded(context),
      onCancellationScheduled(context),
      onCancellationRevoked(),
      onSubscriptionEnded(context),
      onCustomerErased(),
    ],
    timers: [sendMails(ports, context, settings), sealer(ports.db, ports.clock)],
  };
}
