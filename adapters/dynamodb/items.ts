/**
 * The items of the table: their shapes, and how items of earlier versions become items of this one when they are read. A
 * document is kept as JSON in one attribute. DynamoDB's own maps refuse some names, and its numbers have another range.
 */
import * as z from 'zod';
import { auditEntrySchema } from '../../core/model/audit.ts';
import {
  deliverySchema,
  notifyTestSchema,
  receiverStatusSchema,
  subjectProgressSchema,
} from '../../core/model/delivery.ts';
import { grantSchema } from '../../core/model/grant.ts';
import { scopeHealthSchema, watchStateSchema } from '../../core/model/health.ts';
import { incidentSchema } from '../../core/model/incident.ts';
import { incidentEventSchema } from '../../core/model/incident-event.ts';
import { incidentSummarySchema } from '../../core/model/incident-summary.ts';
import { ingestTokenSchema } from '../../core/model/ingest-token.ts';
import { dispatchedSchema, regionResultSchema } from '../../core/model/inspection-result.ts';
import { labelSchema, muteSchema } from '../../core/model/mute.ts';
import { openRunSchema } from '../../core/model/open-run.ts';
import { recordingSchema } from '../../core/model/recording.ts';
import { runSummarySchema } from '../../core/model/run.ts';
import { scalingEventSchema } from '../../core/model/scaling-event.ts';
import { shardResultSchema } from '../../core/model/shard-result.ts';
import { capStateSchema, jobSpendSchema } from '../../core/model/spend.ts';
import { deploymentDefaultsSchema, tenantConfigSchema } from '../../core/model/tenant.ts';
import { tuningSchema } from '../../core/model/tuning.ts';
import type { Shape } from './table.ts';
import { asRecord, withCurrentFields, withCurrentRun, withUndecided } from './upgrade.ts';

const keyShape = { pk: z.string(), sk: z.string() };

/** JSON whose value has the schema. */
function jsonOf<Schema extends z.ZodType>(schema: Schema) {
  return z.codec(z.string(), schema, {
    decode(text, context) {
      try {
        return JSON.parse(text);
      } catch {
        context.issues.push({ code: 'custom', message: 'is not JSON', input: text });
        return z.NEVER;
      }
    },
    encode: (value) => JSON.stringify(value),
  });
}

/** Items of before have no `putBy`. */
const putFacts = { /** Epoch milliseconds. */ putAt: z.int(), putBy: z.string().max(2048).exactOptional() };

const configSchema = z.strictObject({
  ...keyShape,
  version: z.int().min(1),
  externalId: z.string().min(1),
  ...putFacts,
  /** Of a version with which a deletion began alone. Epoch milliseconds. */
  disabledAt: z.int().exactOptional(),
  config: jsonOf(tenantConfigSchema),
});

export type ConfigItem = z.output<typeof configSchema>;

/** One version of a tenant's config. */
export const configItem: Shape<ConfigItem> = {
  schema: configSchema,
  upgrade: (item) => withText(item, 'config', (config) => config),
};

const defaultsSchema = z.strictObject({
  ...keyShape,
  version: z.int().min(1),
  ...putFacts,
  defaults: jsonOf(deploymentDefaultsSchema),
});

export type DefaultsItem = z.output<typeof defaultsSchema>;

/** One version of the deployment's defaults. */
export const defaultsItem: Shape<DefaultsItem> = { schema: defaultsSchema };

/** A tenant that was deleted and has results still. Times are epoch milliseconds. */
export const deletedItem = {
  schema: z.strictObject({ ...keyShape, tenant: z.string(), deletedAt: z.int(), resultsUntil: z.int() }),
};

/** What a tenant's external id is, before there is a config. It is written once and never changes. */
export const externalIdItem = { schema: z.strictObject({ ...keyShape, externalId: z.string().min(1) }) };

/** An entry in the list of tenants, or of those of an account: they can be listed without reading the entire table. */
export const tenantItem = { schema: z.strictObject({ ...keyShape, tenant: z.string() }) };

const incidentItemSchema = z.strictObject({
  ...keyShape,
  version: z.int().min(1),
  openScope: z.string().optional(),
  // Of incidents that are not settled. The name is the first version's: another one would replace the index under a stack that is deployed.
  pendingShard: z.string().optional(),
  // Of items that were written since lists are kept.
  listOf: z.string().optional(),
  listAt: z.string().optional(),
  summary: jsonOf(incidentSummarySchema).optional(),
  incident: jsonOf(incidentSchema),
});

/** An incident with its version, and its entries in the indexes. */
export const incidentItem: Shape<z.output<typeof incidentItemSchema>> = {
  schema: incidentItemSchema,
  upgrade: (item) => withSettling(withText(item, 'incident', withCurrentFields)),
};

/** An incident as the index of lists has it. */
export const summaryItem = { schema: z.object({ ...keyShape, summary: jsonOf(incidentSummarySchema) }) };

const eventItemSchema = z.strictObject({
  ...keyShape,
  /** Epoch seconds. */
  ttl: z.int(),
  listOf: z.string(),
  listAt: z.string(),
  event: jsonOf(incidentEventSchema),
});

/** An entry of the log of incidents. It is written once. */
export const eventItem: Shape<z.output<typeof eventItemSchema>> = { schema: eventItemSchema };

const muteItemSchema = z.strictObject({ ...keyShape, /** Epoch seconds. */ ttl: z.int(), mute: jsonOf(muteSchema) });
const labelItemSchema = z.strictObject({ ...keyShape, label: jsonOf(labelSchema) });
const tuningItemSchema = z.strictObject({ ...keyShape, tuning: jsonOf(tuningSchema) });

/** What people decided about incidents and hosts. */
export const muteItem: Shape<z.output<typeof muteItemSchema>> = { schema: muteItemSchema };
export const labelItem: Shape<z.output<typeof labelItemSchema>> = { schema: labelItemSchema };

const recordingItemSchema = z.strictObject({
  ...keyShape,
  version: z.int().min(1),
  recording: jsonOf(recordingSchema),
});
export const recordingItem: Shape<z.output<typeof recordingItemSchema>> = { schema: recordingItemSchema };

/** What tunings changed, and why. */
export const tuningItem: Shape<z.output<typeof tuningItemSchema>> = { schema: tuningItemSchema };

/** The key of any item: what the indexes hold of an incident, and what is removed. */
export const indexEntry = { schema: z.object(keyShape) };

const runItemSchema = z.strictObject({
  ...keyShape,
  /** Epoch seconds from which DynamoDB may delete the item. */
  ttl: z.int(),
  run: jsonOf(runSummarySchema),
});

/** The summary of a run. */
export const runItem: Shape<z.output<typeof runItemSchema>> = {
  schema: runItemSchema,
  upgrade: (item) => withText(item, 'run', withCurrentRun),
};

const expiring = { ...keyShape, /** Epoch seconds. */ ttl: z.int() };

/** What a request was dispatched to, and its result in a region. */
export const requestedItem = { schema: z.strictObject({ ...expiring, at: z.int() }) };
export const requestItem = { schema: z.strictObject({ ...expiring, dispatched: jsonOf(dispatchedSchema) }) };
export const resultItem = { schema: z.strictObject({ ...expiring, result: jsonOf(regionResultSchema) }) };

const openRunItemSchema = z.strictObject({ ...expiring, version: z.int().min(1), open: jsonOf(openRunSchema) });

/** A run that one invocation cannot hold. */
export const openRunItem: Shape<z.output<typeof openRunItemSchema>> = { schema: openRunItemSchema };

const shardItemSchema = z.strictObject({
  ...expiring,
  shard: z.int().min(0),
  /** Epoch milliseconds. */
  finishedAt: z.int(),
  result: jsonOf(shardResultSchema),
});

/** What came of a shard of a run. */
export const shardItem: Shape<z.output<typeof shardItemSchema>> = { schema: shardItemSchema };

const healthItemSchema = z.strictObject({
  ...keyShape,
  version: z.int().min(1),
  /** Epoch seconds from which DynamoDB may delete the item. */
  ttl: z.int(),
  health: jsonOf(scopeHealthSchema),
});

/** The health of one account and region. */
export const healthItem: Shape<z.output<typeof healthItemSchema>> = { schema: healthItemSchema };

const watchItemSchema = z.strictObject({ ...keyShape, version: z.int().min(1), watch: jsonOf(watchStateSchema) });

/** What a tenant was notified of about its inspections. */
export const watchItem: Shape<z.output<typeof watchItemSchema>> = { schema: watchItemSchema };

/** What one request spent in one account and region: a number as JSON. */
export const spendItem = { schema: z.strictObject({ ...expiring, usd: jsonOf(z.number()) }) };

const readsItemSchema = z.strictObject({ ...expiring, version: z.int().min(1), usd: jsonOf(z.number()) });

/** What reading hosts cost a tenant in a month. */
export const readsItem: Shape<z.output<typeof readsItemSchema>> = { schema: readsItemSchema };

const jobSpendItemSchema = z.strictObject({ ...expiring, version: z.int().min(1), spend: jsonOf(jobSpendSchema) });

/** What a job spent in a month. */
export const jobSpendItem: Shape<z.output<typeof jobSpendItemSchema>> = { schema: jobSpendItemSchema };

const capItemSchema = z.strictObject({ ...keyShape, version: z.int().min(1), cap: jsonOf(capStateSchema) });

/** What a tenant's cost cap leads to. */
export const capItem: Shape<z.output<typeof capItemSchema>> = { schema: capItemSchema };

/** What became of an event at a receiver. */
export const deliveryItem = { schema: z.strictObject({ ...expiring, delivery: jsonOf(deliverySchema) }) };

const versioned = { ...keyShape, version: z.int().min(1) };

/** How far an incident got at a receiver. */
export const progressItem = {
  schema: z.strictObject({ ...expiring, ...versioned, progress: jsonOf(subjectProgressSchema) }),
};

/** Whether a receiver works. */
export const receiverStatusItem = { schema: z.strictObject({ ...versioned, status: jsonOf(receiverStatusSchema) }) };

/** The last test notification of a tenant. */
export const notifyTestItem = { schema: z.strictObject({ ...versioned, test: jsonOf(notifyTestSchema) }) };

/** Who may do what, under the grantee and under the tenant. */
export const grantItem = { schema: z.strictObject({ ...keyShape, grant: jsonOf(grantSchema) }) };

/** What lets hosts send their samples. */
export const ingestTokenItem = { schema: z.strictObject({ ...keyShape, token: jsonOf(ingestTokenSchema) }) };

/** What a caller of the API changed. */
export const auditItem = { schema: z.strictObject({ ...expiring, entry: jsonOf(auditEntrySchema) }) };

/** A scaling event of a group. It is written once. */
export const scalingItem = { schema: z.strictObject({ ...expiring, event: jsonOf(scalingEventSchema) }) };

/** An incident of version 0.2.0 or before, in which nothing waited for a decision, in the fields of this version. */
function withSettling(item: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { incident: text } = item;
  if (typeof text !== 'string') return item;
  const incident = asRecord(parsedJson(text));
  return incident === undefined || Object.hasOwn(incident, 'undecided')
    ? item
    : { ...item, incident: JSON.stringify(withUndecided(incident)) };
}

/** Undefined where it is no JSON: the item's shape refuses it. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The item with a document that version 0.1.0 kept as a map as JSON, in the fields of this version. */
function withText(
  item: Readonly<Record<string, unknown>>,
  name: string,
  upgrade: (document: Readonly<Record<string, unknown>>) => object,
): Readonly<Record<string, unknown>> {
  const document = asRecord(item[name]);
  return document === undefined ? item : { ...item, [name]: JSON.stringify(upgrade(document)) };
}
