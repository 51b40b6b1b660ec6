/** The handler of an inspect function. The functions differ in their provider, in their variables and in how they sign in. */
import type { AccountProvider } from '../core/model/series.ts';
import type { InspectVariables } from './environment.ts';
import { type InspectAnswer, type InvocationContext, inspectEvent } from './inspect-event.ts';
import type { InspectPorts } from './inspection-ports.ts';
import { createLogger } from './log.ts';
import { createMetrics, type EmitMetrics } from './metrics.ts';

type InspectHandler = (event: unknown, context: InvocationContext) => Promise<InspectAnswer>;

/** What a warm function keeps: connections, assumed roles and tokens are reused. */
interface Warm {
  readonly ports: InspectPorts;
  readonly metrics: EmitMetrics;
}

/** @param variablesOf Read on the first event, not before: a function whose variables are wrong fails with words. */
export function inspectHandler<Variables extends InspectVariables>(
  provider: AccountProvider,
  variablesOf: () => Variables,
  openPorts: (variables: Variables) => InspectPorts,
): InspectHandler {
  const logger = createLogger();
  let warm: Warm | undefined;

  function open(): Warm {
    const variables = variablesOf();
    const metrics = createMetrics({ stage: variables.STAGE, function: `inspect-${provider}`, provider });
    return { ports: openPorts(variables), metrics };
  }

  return (event, context) => {
    warm ??= open();
    return inspectEvent(event, { ...warm, logger, context, now: Date.now() });
  };
}
