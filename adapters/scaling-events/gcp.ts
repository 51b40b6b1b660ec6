/**
 * Changes of managed instance groups: entries of Compute Engine's audit log, which a sink hands to Pub/Sub, and Pub/Sub pushes.
 * - https://cloud.google.com/pubsub/docs/push#receive_push
 * - https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry
 */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { type ReadEvent, readEventOf, type ScalingKind } from '../../core/model/scaling-event.ts';

const pushSchema = z.object({ message: z.object({ data: z.base64().max(64 * 1024), messageId: z.string().max(300) }) });

/** The log's name begins with the project's id; `resourceName` may have its number instead. */
const entrySchema = z.object({
  logName: z.string().regex(/^projects\/[^/]{1,100}\/logs\//, 'must be the name of a project’s log'),
  insertId: z.string().min(1).max(300),
  timestamp: z.iso.datetime(),
  operation: z.object({ id: z.string().min(1).max(300), first: z.boolean().optional() }).optional(),
  protoPayload: z.object({
    serviceName: z.string().max(200),
    methodName: z.string().max(200),
    resourceName: z.string().max(1000),
    status: z.object({ code: z.int().optional() }).optional(),
  }),
});

const METHOD = /^(?:v1|beta|alpha)\.compute\.(?:instanceGroupManagers|regionInstanceGroupManagers)\.(\w+)$/;

const KINDS: ReadonlyMap<string, ScalingKind> = new Map([
  ['resize', 'resized'],
  ['createInstances', 'launched'],
  ['deleteInstances', 'terminated'],
  ['abandonInstances', 'detached'],
  ['recreateInstances', 'changed'],
  ['applyUpdatesToInstances', 'changed'],
  ['patch', 'changed'],
  ['setInstanceTemplate', 'changed'],
  ['insert', 'launched'],
  ['delete', 'deleted'],
]);

/** `projects/P/zones/europe-west1-b/instanceGroupManagers/web`, or with `regions/europe-west1`. */
const RESOURCE = /^projects\/[^/]+\/(zones|regions)\/([a-z0-9-]+)\/instanceGroupManagers\/([a-z0-9-]+)$/;

/** Reads the body of one push. */
export function readPubSubPush(body: unknown): ReadEvent {
  const push = parseInput(pushSchema, body);
  if (!push.success) return malformed('a Pub/Sub push', push.error);
  let content: unknown;
  try {
    content = JSON.parse(Buffer.from(push.data.message.data, 'base64').toString('utf8'));
  } catch {
    return { kind: 'malformed', reason: 'the data of a Pub/Sub push are not JSON: the sink hands over log entries' };
  }
  const entry = parseInput(entrySchema, content);
  return entry.success ? eventOf(entry.data) : malformed('an entry of the audit log', entry.error);
}

function eventOf({ logName, insertId, timestamp, operation, protoPayload }: z.output<typeof entrySchema>): ReadEvent {
  const { serviceName, methodName, resourceName, status } = protoPayload;
  const kind = KINDS.get(METHOD.exec(methodName)?.[1] ?? '');
  const [, scope = '', location = '', group] = RESOURCE.exec(resourceName) ?? [];
  if (serviceName !== 'compute.googleapis.com' || kind === undefined)
    return { kind: 'ignored', reason: `${methodName} is not a method that is recorded` };
  if (group === undefined)
    return { kind: 'malformed', reason: 'the resource of an audit log entry is no instance group' };
  // A long operation is logged when it begins and when it ends: its hosts are new from its beginning on.
  if (operation !== undefined && operation.first !== true)
    return { kind: 'ignored', reason: 'the end of an operation' };
  if ((status?.code ?? 0) !== 0) return { kind: 'ignored', reason: `${methodName} was refused` };
  const region = scope === 'zones' ? location.replace(/-[a-z]$/, '') : location;
  const id = operation?.id ?? insertId;
  const account = logName.split('/')[1] ?? '';
  const facts = { id, account, region, group, kind, time: Date.parse(timestamp), hosts: [] };
  return readEventOf({ version: 1, provider: 'gcp', ...facts });
}

function malformed(what: string, error: z.ZodError): ReadEvent {
  return { kind: 'malformed', reason: `${what} is not as documented: ${describeIssues(error)[0]}` };
}
