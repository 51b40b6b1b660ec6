/**
 * Changes of scale sets: events of an Azure subscription, as Event Grid delivers them in either of its schemas.
 * https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions
 */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { type ReadEvent, readEventOf, type ScalingKind } from '../../core/model/scaling-event.ts';

/** Events of one delivery: Event Grid batches them where a subscription is set to. */
const MAX_EVENTS = 100;

const VALIDATION = 'Microsoft.EventGrid.SubscriptionValidationEvent';

const operationSchema = z.object({
  operationName: z.string().max(300),
  subscriptionId: z.string().max(100),
  status: z.string().max(100).optional(),
});

const common = { id: z.string().min(1).max(300), subject: z.string().max(2000), data: z.looseObject({}) };
const cloudEventSchema = z.object({ ...common, specversion: z.literal('1.0'), type: z.string(), time: z.string() });
const gridEventSchema = z.object({ ...common, eventType: z.string(), eventTime: z.string() });

const eventSchema = z.union([
  cloudEventSchema,
  gridEventSchema.transform(({ eventType: type, eventTime: time, ...rest }) => ({ ...rest, type, time })),
]);

const deliverySchema = z.union([
  eventSchema.transform((event) => [event]),
  z.array(eventSchema).min(1).max(MAX_EVENTS),
]);

const validationSchema = z.object({ validationCode: z.string().min(1).max(200) });

const RECORDED = /^Microsoft\.Resources\.Resource(Write|Delete|Action)Success$/;

/** A scale set, or an instance of one. Azure writes ids in several cases. */
const RESOURCE =
  /^\/subscriptions\/([\da-f-]{36})\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/virtualmachinescalesets\/([^/]+)(?:\/virtualmachines\/[^/]+)?$/i;

const OPERATION = /^microsoft\.compute\/virtualmachinescalesets\/(?:virtualmachines\/)?([\w/]+)$/i;

/** Operations by which hosts begin; what else there is, is a change of no host. */
const KINDS: ReadonlyMap<string, ScalingKind> = new Map([
  ['write', 'changed'],
  ['delete', 'deleted'],
  ['delete/action', 'terminated'],
  ['deallocate/action', 'terminated'],
  ['poweroff/action', 'terminated'],
  ['start/action', 'launched'],
  ['restart/action', 'changed'],
  ['reimage/action', 'changed'],
  ['reimageall/action', 'changed'],
  ['redeploy/action', 'changed'],
  ['manualupgrade/action', 'changed'],
  ['osrollingupgrade/action', 'refresh_started'],
  ['rollingupgrades/cancel/action', 'refresh_cancelled'],
]);

export type Delivery =
  | { readonly kind: 'events'; readonly events: readonly ReadEvent[] }
  /** Event Grid's own schema begins with it: the code has to be answered. */
  | { readonly kind: 'validation'; readonly code: string }
  | { readonly kind: 'malformed'; readonly reason: string };

export function readEventGridDelivery(body: unknown): Delivery {
  const parsed = parseInput(deliverySchema, body);
  if (!parsed.success)
    return { kind: 'malformed', reason: `a delivery is not as documented: ${describeIssues(parsed.error)[0]}` };
  const [first] = parsed.data;
  if (first?.type === VALIDATION) {
    const validation = parseInput(validationSchema, first.data);
    if (validation.success) return { kind: 'validation', code: validation.data.validationCode };
    return { kind: 'malformed', reason: 'a validation event has no code' };
  }
  return { kind: 'events', events: parsed.data.map(readEvent) };
}

function readEvent({ id, subject, type, time: text, data }: z.output<typeof eventSchema>): ReadEvent {
  if (!RECORDED.test(type)) return { kind: 'ignored', reason: `${type} is not an event that is recorded` };
  const operation = parseInput(operationSchema, data);
  if (!operation.success)
    return { kind: 'malformed', reason: `the data are not as documented: ${describeIssues(operation.error)[0]}` };
  const { operationName, subscriptionId } = operation.data;
  const kind = KINDS.get(OPERATION.exec(operationName)?.[1]?.toLowerCase() ?? '');
  const [, subscription = '', group] = RESOURCE.exec(subject) ?? [];
  if (kind === undefined || group === undefined)
    return { kind: 'ignored', reason: `${operationName} is not about a scale set` };
  const account = subscription.toLowerCase();
  const time = Date.parse(text);
  if (account !== subscriptionId.toLowerCase() || Number.isNaN(time))
    return { kind: 'malformed', reason: 'the subject is of another subscription than the data, or there is no time' };
  // An instance of a set that is deleted leaves the set as it is.
  const isInstance = /\/virtualmachines\//i.test(subject);
  const hosts = isInstance ? [subject.toLowerCase()] : [];
  const what = kind === 'deleted' && isInstance ? 'terminated' : kind;
  const facts = { id, account, region: null, group: group.toLowerCase(), kind: what, time, hosts };
  return readEventOf({ version: 1, provider: 'azure', ...facts });
}
