/**
 * Events of EC2 Auto Scaling as EventBridge delivers them.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-event-reference.html
 */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { type ReadEvent, readEventOf, type ScalingKind } from '../../core/model/scaling-event.ts';

/** What nobody but EC2 Auto Scaling can send: EventBridge refuses events of others whose source begins with `aws.`. */
const AUTO_SCALING = 'aws.autoscaling';

const REFRESH = 'EC2 Auto Scaling Instance Refresh';

/** Lifecycle actions are not among them: a launch that waits is no host yet. */
const KINDS: ReadonlyMap<string, ScalingKind> = new Map([
  ['EC2 Instance Launch Successful', 'launched'],
  ['EC2 Instance Launch Unsuccessful', 'launch_failed'],
  ['EC2 Instance Terminate Successful', 'terminated'],
  ['EC2 Instance Terminate Unsuccessful', 'terminate_failed'],
  ['EC2 Instance Detach Successful', 'detached'],
  [`${REFRESH} Started`, 'refresh_started'],
  [`${REFRESH} Checkpoint Reached`, 'refresh_checkpoint'],
  [`${REFRESH} Started Baking`, 'refresh_baking'],
  [`${REFRESH} Succeeded`, 'refresh_succeeded'],
  [`${REFRESH} Failed`, 'refresh_failed'],
  [`${REFRESH} Cancelled`, 'refresh_cancelled'],
  [`${REFRESH} Rollback Started`, 'rollback_started'],
  [`${REFRESH} Rollback Succeeded`, 'rollback_succeeded'],
  [`${REFRESH} Rollback Failed`, 'rollback_failed'],
]);

/** What has to be forwarded, and nothing else. */
export const RECORDED_TYPES: readonly string[] = [...KINDS.keys()];

const name = z.string().min(1).max(300);

/** `account`, `region` and `source` are those of the account in which it happened, also where a rule has forwarded it. */
const envelopeSchema = z.object({
  id: name,
  source: z.literal(AUTO_SCALING),
  'detail-type': z.string().max(200),
  account: z.string().regex(/^\d{12}$/),
  region: name,
  time: z.iso.datetime(),
  detail: z.looseObject({}),
});

const detailSchema = z.object({ AutoScalingGroupName: name, EC2InstanceId: name.optional() });

export function readAutoScalingEvent(envelope: unknown): ReadEvent {
  const parsed = parseInput(envelopeSchema, envelope);
  if (!parsed.success) return malformed(parsed.error);
  const { id, account, region, time, detail, 'detail-type': type } = parsed.data;
  const kind = KINDS.get(type);
  if (kind === undefined) return { kind: 'ignored', reason: `${type} is not an event that is recorded` };
  const facts = parseInput(detailSchema, detail);
  if (!facts.success) return malformed(facts.error);
  const { AutoScalingGroupName: group, EC2InstanceId: host } = facts.data;
  const hosts = host === undefined ? [] : [host];
  return readEventOf({ version: 1, id, provider: 'aws', account, region, group, kind, time: Date.parse(time), hosts });
}

function malformed(error: z.ZodError): ReadEvent {
  return { kind: 'malformed', reason: `an Auto Scaling event is not as documented: ${describeIssues(error)[0]}` };
}
