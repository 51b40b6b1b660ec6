/** Lines of JSON: a sample (`time`, `host` and a value) or a complete host (`id`, `step` and the values `v`). */
import * as z from 'zod';
import { describeIssues } from '../../core/model/issues.ts';
import { type Entry, MEASURES } from './entry.ts';
import { readTime } from './time.ts';

/** A missing sample may be null, but its field has to be there: its name states the unit. */
const value = z.number().nullable().optional();

const sampleSchema = z
  .object({
    time: z.unknown().optional(),
    host: z.string().min(1),
    fraction: value,
    percent: value,
    bytes: value,
    limit: z.number().optional(),
  })
  .transform(({ time, host, limit, ...values }): Entry => {
    const at = readTime(time);
    if (typeof at === 'object') return { kind: 'malformed', host, ...at };
    const [measure, another] = MEASURES.filter((name) => values[name] !== undefined);
    if (measure === undefined || another !== undefined) {
      return { kind: 'malformed', host, why: 'the line must have exactly one of fraction, percent and bytes' };
    }
    return {
      kind: 'sample',
      host,
      time: at,
      measure,
      value: values[measure] ?? null,
      ...(limit !== undefined && { limit }),
    };
  });

const gridSchema = z
  .object({
    id: z.string().min(1),
    step: z.number().positive().describe('Seconds between two samples.'),
    start: z.unknown().optional(),
    v: z.array(z.number().nullable()),
  })
  .transform(({ id, step, start, v }): Entry => {
    const from = start === undefined ? undefined : readTime(start);
    if (typeof from === 'object') return { kind: 'malformed', isGrid: true, host: id, ...from };
    return { kind: 'grid', host: id, stepMs: step * 1000, start: from, percents: v };
  });

/** What a line that fits neither may still name. */
const sampleName = z.object({ host: z.string().min(1) });
const gridName = z.object({ id: z.string().min(1) });

/** Reads one line. Other fields are ignored: a recording may carry more than is evaluated. */
export function readJsonLine(text: string): Entry {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'malformed', why: 'the line is not JSON', example: text };
  }
  return typeof json === 'object' && json !== null && 'v' in json ? readGrid(json) : readSample(json);
}

function readGrid(json: object): Entry {
  const grid = gridSchema.safeParse(json);
  if (grid.success) return grid.data;
  const host = gridName.safeParse(json).data?.id;
  return { kind: 'malformed', isGrid: true, why: firstIssue(grid.error), ...(host !== undefined && { host }) };
}

function readSample(json: unknown): Entry {
  const sample = sampleSchema.safeParse(json);
  if (sample.success) return sample.data;
  const host = sampleName.safeParse(json).data?.host;
  return { kind: 'malformed', why: firstIssue(sample.error), ...(host !== undefined && { host }) };
}

/** Without the index of a value, so that lines which are wrong in the same way have the same message. */
function firstIssue(error: z.ZodError): string {
  return (describeIssues(error)[0] ?? 'the line is not as expected').replace(/\[\d+\]/, '[…]');
}
