import { sealer } from '@perennial/audit';
import type { Ports, ServiceDefinition } from '@perennial/service';
import { contextOf } from './context';
import { onAttemptResolved, onAttemptUnresolved } from './handlers/attempts';
import { onCardUnavailable } from './handlers/card-unavailable';
import { onCycleSkipped } from './handlers/cycle-skipped';
import {
  onPaymentDeclined,
  onPaymentExhausted,
  onPaymentSucceeded,
} from './handlers/payment-outcomes';
import { rewriteOldKeys } from './rewrite-old-keys';
import { cancel, takeBack } from './routes/cancellation';
import { changeCustomer } from './routes/change-customer';
import { eraseCustomer } from './routes/erase-customer';
import { addProduct, listProducts, readProduct } from './routes/products';
import { readContact, readCustomer, searchCustomers } from './routes/read-customers';
import { listSubscriptions, readSubscription } from './routes/read-subscriptions';
import { registerCustomer } from './routes/register-customer';
import { replacePaymentMethod } from './routes/replace-payment-method';
import { startSubscription } from './routes/start-subscription';
import { subscriptionHistory } from './routes/subscription-history';
import type { Settings } from './settings';

export function createSubscriptions(ports: Ports, settings: Settings): ServiceDefinition {
  const context = contextOf(ports, settings);
  return {
    name: 'subscriptions',
    routes: [
      registerCustomer(context),
      searchCustomers(context),
      readCustomer(context),
      changeCustomer(context),
      eraseCustomer(context),
      replacePaymentMethod(context),
      readContact(context),
      addProduct(context),
      listProducts(),
      readProduct(),
      startSubscription(context),
      readSubscription(context),
      listSubscriptions(context),
      cancel(context),
      takeBack(context),
      subscriptionHistory(),
    ],
    messages: [
      onCardUnavailable(context),
      onPaymentSucceeded(context),
      onPaymentDeclined(context),
      onPaymentExhausted(context),
      onCycleSkipped(context),
      onAttemptUnresolved(),
      onAttemptResolved(),
    ],
    timers: [sealer(ports.db, ports.clock), rewriteOldKeys(ports.db, ports.clock, context.keyring)],
  };
}
