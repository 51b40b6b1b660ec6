/** The variables of a command, for a deployment on this machine. */
import type { Deployment } from '../../sandbox/deployment.ts';
import { type CommandEnvironment, readEnvironment } from '../environment.ts';

/** What `--stage` reads from the stack of a real deployment. */
export function commandEnvironment({ environment, dispatch }: Deployment): CommandEnvironment {
  const { TABLE, CONFIGS_TABLE, RESULTS_BUCKET, TOPIC_ARN_PREFIX, EVENTS_DAYS, AWS_REGION } = environment;
  return readEnvironment({
    AWS_REGION,
    PLIMSOLL_TABLE: TABLE,
    PLIMSOLL_CONFIGS_TABLE: CONFIGS_TABLE,
    PLIMSOLL_RESULTS_BUCKET: RESULTS_BUCKET,
    PLIMSOLL_TOPIC_ARN_PREFIX: TOPIC_ARN_PREFIX,
    PLIMSOLL_EVENTS_DAYS: EVENTS_DAYS,
    PLIMSOLL_REQUEST_QUEUE_URL: dispatch.requestQueueUrl,
  });
}
