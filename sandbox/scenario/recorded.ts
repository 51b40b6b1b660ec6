/**
 * Hosts that replay real processes: see recorded/README.md. Their history is as long as the recording and no longer. They are of no
 * group: each runs another program.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Window } from '../../core/model/series.ts';
import type { PatternName } from '../../core/model/verdict.ts';
import type { Expected, Host } from './fleet.ts';
import { instanceId, type Location } from './hosts.ts';

const MINUTE = 60_000;
/** The last two hours of a recording lie after the fleet's time, for inspections that follow the first. */
const MINUTES_AHEAD = 120;

const recordingSchema = z.object({
  id: z.string(),
  runtime: z.string(),
  what: z.string(),
  label: z.enum(['leak', 'healthy']),
  step: z.literal(60),
  v: z.array(z.number().nullable()),
});
type Recording = z.output<typeof recordingSchema>;

/** Patterns of the leaks, by recording. */
const PATTERNS: Readonly<Record<string, PatternName>> = {
  'python-linear-leak': 'linear',
  'node-linear-leak': 'linear',
  'node-staircase-leak': 'staircase',
  'python-listener-leak': 'linear',
  'java-leak': 'linear',
  'python-fragmentation': 'creep',
};

export function recordedHosts(location: Omit<Location, 'seed'>): Host[] {
  const lines = readFileSync(new URL('recorded/processes.ndjson', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  return lines.map((line) => replay(recordingSchema.parse(JSON.parse(line)), location));
}

function replay(
  { id, runtime, what, label, v }: Recording,
  { tenant, account, region, asOf }: Omit<Location, 'seed'>,
): Host {
  const start = asOf - (v.length - MINUTES_AHEAD) * MINUTE;
  return {
    tenant,
    resource: { provider: 'aws', account, region, id: instanceId(id), name: id },
    story: `a real ${runtime} process: ${what}`,
    runs: { start, end: Number.POSITIVE_INFINITY },
    reports: presentIn(v).map(([from, to]): Window => ({ start: start + from * MINUTE, end: start + to * MINUTE })),
    used: (time) => (v[Math.round((time - start) / MINUTE)] ?? 0) / 100,
    expected: label === 'leak' ? leaking(id, runtime) : { state: 'steady' },
  };
}

function leaking(id: string, runtime: string): Expected {
  const pattern = PATTERNS[id];
  if (pattern === undefined) throw new Error(`no pattern is stated for the recording ${id}`);
  return { state: 'leaking', pattern, topConsumer: runtime };
}

/** The runs of samples that are there, as half-open ranges of indices. */
function presentIn(values: readonly (number | null)[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  let from: number | undefined;
  for (let i = 0; i <= values.length; i++) {
    const missing = (values[i] ?? null) === null;
    if (!missing) from ??= i;
    else if (from !== undefined) {
      ranges.push([from, i]);
      from = undefined;
    }
  }
  return ranges;
}
