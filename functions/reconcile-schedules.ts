/** Every hour: puts the schedules of all accounts right where they are not what the configs stand for. */
import { type ReconcileReport, requireComplete } from '../core/tenants/reconcile-report.ts';
import { type ReconcilePorts, reconcileAll } from '../core/tenants/reconcile-schedules.ts';
import { schedulesVariables } from './environment.ts';
import type { InvocationContext } from './inspect-messages.ts';
import { createLogger } from './log.ts';
import { openSchedulePorts } from './schedule-ports.ts';

const logger = createLogger();

/** Made on the first event and kept while the function is warm. */
let ports: ReconcilePorts | undefined;

/**
 * Reconciles once, whatever the event. Throws after the rest was done when something could not be put right, so that the alarm on
 * this function's errors sees it: an account without a schedule is not inspected.
 */
export async function handler(_event: unknown, context: InvocationContext): Promise<ReconcileReport> {
  ports ??= openSchedulePorts(schedulesVariables());
  const report = await reconcileAll(ports, { remainingMs: () => context.getRemainingTimeInMillis() });
  if (report.put.count + report.removed.count > 0) logger.warn('Put schedules right that had drifted.', { report });
  else logger.info('Compared the schedules with the configs.', { report });
  requireComplete(report);
  return report;
}
