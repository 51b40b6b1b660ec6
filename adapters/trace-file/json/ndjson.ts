/** Objects of JSON that are ours: a sample (`time`, `host` and a value) or all samples of a host (`id`, `step` and the values `v`). */
import * as z from 'zod';
import { describeIssues } from '../../core/model/issues.ts';
import { type Entry, MEASURES } from './entry.ts';
import type { TraceOptions } from './options.ts';
import { readTime } from './time.ts';
import { scaleOf } from './unit.ts';
import { sampleOf } from './value.ts';

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

/** What an object that fits neither may still name. */
const sampleName = z.object({ host: z.string().min(1) });
const gridName = z.object({ id: z.string().min(1) });

/** Whether an object has a field of ours: others are documents of something else. */
export function isOurs(json: object): boolean {
  return ['v', 'host', ...MEASURES].some((field) => field in json);
}

/** Reads one object. Fields that are not ours are passed over: a recording may carry more than is evaluated. */
export function readJsonObject(json: unknown, options: TraceOptions): Entry {
  return typeof json === 'object' && json !== null && 'v' in json ? readGrid(json, options) : readSample(json, options);
}

function readGrid(json: object, { unit, timeZone, capacity }: TraceOptions): Entry {
  const grid = gridSchema.safeParse(json);
  if (!grid.success) {
    const host = gridName.safeParse(json).data?.id;
    return { kind: 'malformed', isGrid: true, why: firstIssue(grid.error), ...(host !== undefined && { host }) };
  }
  const { id, step, start, v } = grid.data;
  const from = start === undefined ? undefined : readTime(start, timeZone);
  if (typeof from === 'object') return { kind: 'malformed', isGrid: true, host: id, ...from };
  const { measure, factor } = scaleOf(unit) ?? { measure: 'percent', factor: 1 };
  return {
    kind: 'grid',
    host: id,
    stepMs: step * 1000,
    start: from,
    measure,
    values: factor === 1 ? v : v.map((number) => number && number * factor),
    ...(measure === 'bytes' && capacity !== undefined && { limit: capacity }),
    ...(unit !== undefined && { isUnitCertain: true }),
  };
}

function readSample(json: unknown, options: TraceOptions): Entry {
  const sample = sampleSchema.safeParse(json);
  if (!sample.success) {
    const host = sampleName.safeParse(json).data?.host;
    return { kind: 'malformed', why: firstIssue(sample.error), ...(host !== undefined && { host }) };
  }
  const { time, host, limit, ...values } = sample.data;
  const at = readTime(time, options.timeZone);
  if (typeof at === 'object') return { kind: 'malformed', host, ...at };
  const [measure, another] = MEASURES.filter((name) => values[name] !== undefined);
  if (measure === undefined || another !== undefined) {
    return { kind: 'malformed', host, why: 'the line must have exactly one of fraction, percent and bytes' };
  }
  const number = values[measure] ?? null;
  return sampleOf(host, at, number === null ? null : { kind: 'used', scale: scaleOf(measure), number, limit }, options);
}

/** Without the index of a value, so that lines which are wrong in the same way are reported in the same words. */
function firstIssue(error: z.ZodError): string {
  return (describeIssues(error)[0] ?? 'the line is not as expected').replace(/\[\d+\]/, '[…]');
}
