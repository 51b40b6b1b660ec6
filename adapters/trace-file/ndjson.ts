/** Lines of JSON: a sample (`time`, `host` and a value) or a whole host (`id`, `step` and the values `v`). */
import * as z from 'zod';
import { describeIssues } from '../../model/issues.ts';
import { type Entry, type Grid, MEASURES, type Sample } from './entry.ts';
import { readTime, TIME_RULE } from './time.ts';

const timeSchema = z.unknown().transform((value, context) => {
  const time = readTime(value);
  if (time === undefined) context.addIssue({ code: 'custom', message: TIME_RULE });
  return time ?? 0;
});

/** A missing sample may be null, but its field has to be there: it says the unit. */
const value = z.number().nullable().optional();

const sampleSchema = z
  .object({
    time: timeSchema,
    host: z.string().min(1),
    fraction: value,
    percent: value,
    bytes: value,
    limit: z.number().optional(),
  })
  .transform(({ time, host, limit, ...values }, context): Sample => {
    const [measure, another] = MEASURES.filter((name) => values[name] !== undefined);
    if (measure === undefined || another !== undefined) {
      context.addIssue({ code: 'custom', message: 'must have exactly one of fraction, percent and bytes' });
      return z.NEVER;
    }
    return {
      kind: 'sample',
      host,
      time,
      measure,
      value: values[measure] ?? null,
      ...(limit !== undefined && { limit }),
    };
  });

const gridSchema = z
  .object({
    id: z.string().min(1),
    step: z.number().positive().describe('Seconds between two samples.'),
    start: timeSchema.optional(),
    v: z.array(z.number().nullable()),
  })
  .transform(({ id, step, start, v }): Grid => ({ kind: 'grid', host: id, stepMs: step * 1000, start, percents: v }));

const idSchema = z.object({ id: z.string().min(1) });

/** Reads one line. Fields that are not ours are passed over: a recording may carry more than we judge. */
export function readJsonLine(text: string): Entry {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'malformed', why: error instanceof Error ? error.message : 'is not JSON' };
  }
  return typeof json === 'object' && json !== null && 'v' in json ? readGrid(json) : readSample(json);
}

function readGrid(json: object): Entry {
  const grid = gridSchema.safeParse(json);
  if (grid.success) return grid.data;
  const named = idSchema.safeParse(json);
  return { kind: 'malformed', why: firstIssue(grid.error), ...(named.success && { host: named.data.id }) };
}

function readSample(json: unknown): Entry {
  const sample = sampleSchema.safeParse(json);
  return sample.success ? sample.data : { kind: 'malformed', why: firstIssue(sample.error) };
}

function firstIssue(error: z.ZodError): string {
  return describeIssues(error)[0] ?? 'is not as expected';
}
