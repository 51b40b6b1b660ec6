/** Points as JSON, an object a line: one metric (`metric` and `value`), or several by their names. */
import * as z from 'zod';
import { describeIssues, parseInput } from '../../../core/model/issues.ts';
import { BASE_UNITS } from '../entry.ts';
import type { TraceOptions } from '../options.ts';
import { readTime } from '../values/time.ts';
import { type FaultyRow, HOST, METRIC, type PointRow, type RowReader, TIME, UNIT, VALUE } from './row.ts';

const MOST_LABELS = 32;

const rowSchema = z.looseObject({
  time: z.unknown(),
  host: z.string().min(1).max(256),
  metric: z.string().min(1).max(128).optional(),
  value: z.number().nullable().optional(),
  unit: z.string().max(32).optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

const NOT_LABELS: ReadonlySet<string> = new Set([TIME, HOST, METRIC, VALUE, UNIT, 'labels']);

/** Whether an object is a row of points, and none of memory alone. */
export function isPointObject(json: unknown): json is object {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || !(TIME in json)) return false;
  if (METRIC in json) return VALUE in json;
  if (!(HOST in json) || ['v', ...BASE_UNITS].some((field) => field in json)) return false;
  return Object.entries(json).some(([name, value]) => typeof value === 'number' && !NOT_LABELS.has(name));
}

export function jsonRows({ timeZone }: TraceOptions): RowReader {
  return {
    header: 0,
    *read(text) {
      const json = parseJson(text);
      if (json === undefined) yield { kind: 'malformed', why: 'the line is not JSON', example: text };
      else yield* rowsOf(json, timeZone);
    },
  };
}

/** The rows of one object. */
export function* rowsOf(json: unknown, timeZone: string | undefined): Generator<PointRow | FaultyRow> {
  const { data, error } = parseInput(rowSchema, json);
  if (error) {
    yield { kind: 'malformed', why: describeIssues(error)[0] ?? 'the line is not as expected' };
    return;
  }
  const { time, host, metric, value, unit, labels: stated = {}, ...others } = data;
  const at = readTime(time, timeZone);
  if (typeof at === 'object') {
    yield { kind: 'malformed', host, ...at };
    return;
  }
  const texts = Object.entries({ ...others, ...stated }).filter((entry) => typeof entry[1] === 'string');
  const labels = Object.fromEntries(texts.slice(0, MOST_LABELS).map(([name, label]) => [name, String(label)]));
  const row = { kind: 'row', host, time: at, unit, labels } as const;
  if (metric !== undefined) {
    if (typeof value === 'number') yield { ...row, metric, value };
    else if (value === undefined) yield { kind: 'malformed', host, why: 'the line has a metric and no value' };
    return;
  }
  for (const [name, number] of Object.entries(others)) {
    if (typeof number === 'number') yield { ...row, metric: name, value: number };
  }
}

/** Undefined where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
