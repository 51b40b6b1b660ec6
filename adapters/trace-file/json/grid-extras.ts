/** What a line of all samples of a host may hold beside them: its group, its consumers and its deployments. */
import * as z from 'zod';
import type { Deployment } from '../../../core/model/deployment.ts';
import { describeIssues, parseInput } from '../../../core/model/issues.ts';
import type { Fault, GridConsumer, GridExtras } from '../entry.ts';
import { readTime } from '../values/time.ts';

/** Characters, as the longest names of providers have. */
const MOST_CHARACTERS = 256;
/** A host runs some hundred processes; each worker that was replaced is one of its own. */
const MOST_CONSUMERS = 2000;
const MOST_DEPLOYMENTS = 2000;
/** Shared memory is counted for each process that has it, so that one may hold more than all. In times of the capacity, in percent. */
const MOST_PERCENT = 1000;

const text = z.string().min(1).max(MOST_CHARACTERS);
const index = z.int().min(0);

const consumerSchema = z.object({
  name: text,
  kind: z.enum(['process', 'container', 'pod']).default('process'),
  v: z.array(z.number().min(0).nullable()),
  since: index.optional(),
  until: index.optional(),
});

const groupSchema = text;
const consumersSchema = z.array(consumerSchema).max(MOST_CONSUMERS);
const deploymentsSchema = z.array(z.object({ time: z.unknown(), version: text })).max(MOST_DEPLOYMENTS);

/** Of a line whose own samples can be used. */
export interface LineContext {
  /** How many samples the host has. */
  readonly length: number;
  readonly timeZone: string | undefined;
  /** What a value of a consumer is multiplied by, as those of the host are. */
  readonly factor: number;
  readonly isPercent: boolean;
}

type Read<T> = { readonly value: T } | { readonly fault: Fault };

/** What cannot be used is left out and stated: the host's own samples stand without it. */
export function readExtras(json: object, context: LineContext): GridExtras {
  const group = 'group' in json ? parsed('group', groupSchema, json.group) : undefined;
  const consumers = 'consumers' in json ? readConsumers(json.consumers, context) : undefined;
  const deployments = 'deployments' in json ? readDeployments(json.deployments, context) : undefined;
  const faults = [group, consumers, deployments].flatMap((read) => (read && 'fault' in read ? [read.fault] : []));
  return {
    ...(group && 'value' in group && { group: group.value }),
    ...(consumers && 'value' in consumers && { consumers: consumers.value }),
    ...(deployments && 'value' in deployments && { deployments: deployments.value }),
    ...(faults.length > 0 && { faults }),
  };
}

function parsed<T>(field: string, schema: z.ZodType<T>, json: unknown): Read<T> {
  const read = parseInput(schema, json);
  if (read.success) return { value: read.data };
  return { fault: leftOut(field, describeIssues(read.error)[0] ?? 'it is not as expected') };
}

/** Leaves indices out, so that lines with the same fault are counted together. */
function leftOut(field: string, why: string, example?: string): Fault {
  const text = `${field} left out: ${why.replace(/\[\d+\]/g, '[…]').replace(/\b\d+\.(?=\w)/g, '')}`;
  return { why: text, ...(example !== undefined && { example }) };
}

function readConsumers(json: unknown, { length, factor, isPercent }: LineContext): Read<GridConsumer[]> {
  const read = parsed('consumers', consumersSchema, json);
  if ('fault' in read) return read;
  const most = isPercent ? MOST_PERCENT : Infinity;
  for (const { name, v, since = 0, until = length } of read.value) {
    if (v.length > length) return { fault: leftOut('consumers', 'one has more samples than its host', name) };
    if (since > until || until > length) {
      return { fault: leftOut('consumers', 'since and until must be indexes of samples, in order', name) };
    }
    if (v.some((value) => value !== null && value * factor > most)) {
      return { fault: leftOut('consumers', 'one uses more than ten times the memory of its host', name) };
    }
  }
  return {
    value: read.value.map(({ name, kind, v, since = 0, until = length }) => ({
      consumer: { kind, name },
      values: Float32Array.from(v, (value, at) =>
        value === null || at < since || at >= until ? Number.NaN : value * factor,
      ),
    })),
  };
}

function readDeployments(json: unknown, { timeZone }: LineContext): Read<Deployment[]> {
  const read = parsed('deployments', deploymentsSchema, json);
  if ('fault' in read) return read;
  const deployments: Deployment[] = [];
  for (const { time, version } of read.value) {
    const at = readTime(time, timeZone);
    if (typeof at === 'object') return { fault: leftOut('deployments', at.why, at.example) };
    deployments.push({ time: at, version });
  }
  return { value: deployments.sort((a, b) => a.time - b.time) };
}
