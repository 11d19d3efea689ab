import { sealer } from '@perennial/audit';
import type { Ports, ServiceDefinition } from '@perennial/service';
import { contextOf } from './context';
import { Reconciler } from './engine/reconcile';
import { Runners } from './engine/run';
import {
  onCancellationRevoked,
  onCancellationScheduled,
  onCustomerErased,
  onSubscriptionEnded,
} from './handlers/cancellation';
import { onCardUnavailable } from './handlers/card-unavailable';
import { heldEvents } from './handlers/held-events';
import { onPaymentMethodChanged } from './handlers/payment-method-changed';
import { onPaymentOutcome } from './handlers/payment-outcome';
import { onProviderRefund } from './handlers/provider-refund';
import { onSubscriptionStarted } from './handlers/subscription-started';
import { auditVerification } from './routes/audit';
import { readDiscrepancies, resolveDiscrepancy } from './routes/discrepancies';
import { explainSubscription } from './routes/explanation';
import { readForecast } from './routes/forecast';
import { readPayment, readPayments } from './routes/payments';
import { readReconciliationCsv } from './routes/reconciliation-csv';
import {
  readReconciliation,
  readReconciliations,
  startReconciliation,
} from './routes/reconciliations';
import { allocateRefundItems } from './routes/refund-items';
import { readRefund, refundPayment } from './routes/refunds';
import { readRun, readRuns, startRun } from './routes/runs';
import { readSchedule } from './routes/schedule';
import { reconcileTimeOf, type Settings } from './settings';

export function createBilling(ports: Ports, settings: Settings): ServiceDefinition {
  const context = contextOf(ports, settings);
  const runners = new Runners(context);
  return {
    name: 'billing',
    routes: [
      readPayments(context),
      readPayment(context),
      refundPayment(context),
      readRefund(),
      allocateRefundItems(context),
      readSchedule(),
      explainSubscription(context),
      readForecast(),
      startRun(runners),
      readRuns(),
      readRun(),
      startReconciliation(context),
      readReconciliations(),
      // Before the one whose id would be all of `<id>.csv`.
      readReconciliationCsv(context),
      readReconciliation(),
      readDiscrepancies(),
      resolveDiscrepancy(context),
      auditVerification(context),
    ],
    messages: [
      onPaymentOutcome(context),
      onProviderRefund(context),
      onCardUnavailable(context),
      onSubscriptionStarted(context),
      onPaymentMethodChanged(context),
      onCancellationScheduled(context),
      onCancellationRevoked(context),
      onSubscriptionEnded(context),
      onCustomerErased(context),
    ],
    timers: (announce) => [
      ...runners.timers(announce),
      heldEvents(context, announce),
      new Reconciler(context, reconcileTimeOf(settings), announce).timer(),
      sealer(ports.db, ports.clock),
    ],
  };
}
