import type { Order } from './crew';
import { FAULT_NAMES } from './faults';
import { liveSeed } from './seed';

process.on('disconnect', () => process.exit());

/** Lives one seed for each message, and answers what came of it. */
process.on('message', (order: Order) => {
  const faults = new Set(FAULT_NAMES.filter((fault) => order.faults.includes(fault)));
  liveSeed({ ...order, faults }).then(
    (lived) => process.send?.(lived),
    (error: unknown) => {
      process.stderr.write(`seed ${order.seed}: ${String(error)}\n`);
      process.exit(1);
    },
  );
});
