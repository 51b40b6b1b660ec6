/**
 * JSON objects in Plimsoll's own form: a sample (`time`, `host` and a value) or all samples of a host (`id`, `step` and
 * the values `v`).
 */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../../core/model/issues.ts';
import { BASE_UNITS, type Entry } from '../entry.ts';
import type { TraceOptions } from '../options.ts';
import { sampleOf } from '../values/sample.ts';
import { readTime } from '../values/time.ts';
import { scaleOf } from '../values/unit.ts';
import { readExtras } from './grid-extras.ts';

/** A missing sample may be null, but its field has to be there: it states the unit. */
const value = z.number().nullable().optional();

const sampleSchema = z.object({
  time: z.unknown().optional(),
  host: z.string().min(1),
  fraction: value,
  percent: value,
  bytes: value,
  limit: z.number().optional(),
});

const gridSchema = z.object({
  id: z.string().min(1),
  step: z.number().positive().describe('Seconds between two samples.'),
  start: z.unknown().optional(),
  v: z.array(z.number().nullable()),
});

/** The host of an object that does not fit its schema. */
const sampleName = z.object({ host: z.string().min(1) });
const gridName = z.object({ id: z.string().min(1) });

/** Whether an object has a field of Plimsoll's form: others are documents of other tools. */
export function hasOwnFields(json: object): boolean {
  return ['v', 'host', ...BASE_UNITS].some((field) => field in json);
}

/** Reads one object. Unknown fields are passed over: a recording may hold more than is evaluated. */
export function readJsonObject(json: unknown, options: TraceOptions): Entry {
  return typeof json === 'object' && json !== null && 'v' in json ? readGrid(json, options) : readSample(json, options);
}

function readGrid(json: object, { unit, timeZone, capacity }: TraceOptions): Entry {
  const grid = parseInput(gridSchema, json);
  if (!grid.success) {
    const host = gridName.safeParse(json).data?.id;
    return { kind: 'malformed', isGrid: true, why: firstIssue(grid.error), ...(host !== undefined && { host }) };
  }
  const { id, step, start, v } = grid.data;
  const from = start === undefined ? undefined : readTime(start, timeZone);
  if (typeof from === 'object') return { kind: 'malformed', isGrid: true, host: id, ...from };
  const { baseUnit, factor } = scaleOf(unit) ?? { baseUnit: 'percent', factor: 1 };
  return {
    kind: 'grid',
    host: id,
    stepMs: step * 1000,
    start: from,
    baseUnit,
    values: factor === 1 ? v : v.map((number) => number && number * factor),
    ...(baseUnit === 'bytes' && capacity !== undefined && { limit: capacity }),
    ...(unit !== undefined && { isUnitCertain: true }),
    ...readExtras(json, { length: v.length, timeZone, factor, isPercent: baseUnit === 'percent' }),
  };
}

function readSample(json: unknown, options: TraceOptions): Entry {
  const sample = parseInput(sampleSchema, json);
  if (!sample.success) {
    const host = sampleName.safeParse(json).data?.host;
    return { kind: 'malformed', why: firstIssue(sample.error), ...(host !== undefined && { host }) };
  }
  const { time, host, limit, ...values } = sample.data;
  const at = readTime(time, options.timeZone);
  if (typeof at === 'object') return { kind: 'malformed', host, ...at };
  const [baseUnit, another] = BASE_UNITS.filter((name) => values[name] !== undefined);
  if (baseUnit === undefined || another !== undefined) {
    return { kind: 'malformed', host, why: 'the line must have exactly one of fraction, percent and bytes' };
  }
  const number = values[baseUnit] ?? null;
  return sampleOf(
    host,
    at,
    number === null ? null : { kind: 'used', scale: scaleOf(baseUnit), number, limit },
    options,
  );
}

/** Leaves out the index of a value, so that lines with the same fault are counted together. */
function firstIssue(error: z.ZodError): string {
  return (describeIssues(error)[0] ?? 'the line is not as expected').replace(/\[\d+\]/, '[…]');
}
