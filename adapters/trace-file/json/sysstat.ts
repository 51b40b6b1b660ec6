/** What `sadf -j FILE -- -r` prints, of sysstat: https://sysstat.github.io */
import * as z from 'zod';
import { parseInput } from '../../../core/model/issues.ts';
import type { Entry } from '../entry.ts';
import { sampleOf } from '../values/sample.ts';
import { readTime } from '../values/time.ts';
import { type DocumentContext, type DocumentReader, firstIssue, hasFields } from './document.ts';

/** Sizes in KiB. `avail` since sysstat 11.5; whether `memused` counts the page cache changed several times. */
const memorySchema = z.object({
  memfree: z.number().optional(),
  avail: z.number().optional(),
  memused: z.number(),
  'memused-percent': z.number(),
  buffers: z.number().optional(),
  cached: z.number().optional(),
});
type Memory = z.infer<typeof memorySchema>;

/** `utc` until sysstat 12.7, `tz` since then. */
const timestampSchema = z.object({
  date: z.string(),
  time: z.string(),
  utc: z.union([z.number(), z.boolean()]).optional(),
  tz: z.string().optional(),
});

const documentSchema = z.object({
  sysstat: z.object({
    hosts: z.array(
      z.object({
        nodename: z.string().optional(),
        statistics: z.array(z.object({ timestamp: timestampSchema.optional(), memory: z.unknown().optional() })),
      }),
    ),
  }),
});
type Host = z.infer<typeof documentSchema>['sysstat']['hosts'][number];

export const sysstatJson: DocumentReader = {
  name: 'sadf -j',
  matches: (json) => !Array.isArray(json) && hasFields(json, 'sysstat'),
  read(json, context) {
    const parsed = parseInput(documentSchema, json);
    if (!parsed.success) return firstIssue(parsed.error);
    const { hosts } = parsed.data.sysstat;
    const hasMemory = hosts.some(({ statistics }) => statistics.some(({ memory }) => memory !== undefined));
    return hasMemory ? entriesOfHosts(hosts, context) : 'it holds no memory: write it with sadf -j FILE -- -r';
  },
};

function* entriesOfHosts(hosts: readonly Host[], context: DocumentContext): Generator<Entry> {
  yield { kind: 'remark', text: 'memory of the page cache is not counted as used.' };
  for (const { nodename, statistics } of hosts) {
    const host = nodename || context.fileHost;
    for (const { timestamp, memory } of statistics) {
      if (memory !== undefined) yield entryOf(host, timestamp, memory, context);
    }
  }
}

function entryOf(
  host: string,
  timestamp: Host['statistics'][number]['timestamp'],
  memory: unknown,
  { options }: DocumentContext,
): Entry {
  const time = readTime(timestamp && timeText(timestamp), options.timeZone);
  if (typeof time === 'object') return { kind: 'malformed', host, ...time };
  // The swap file alone (-S) stands under the same name.
  if (!hasFields(memory, 'memused')) return { kind: 'malformed', host, why: 'its memory has no field memused' };
  const parsed = parseInput(memorySchema, memory);
  if (!parsed.success) return { kind: 'malformed', host, why: firstIssue(parsed.error) };
  const bytes = usedOf(parsed.data);
  if (bytes === undefined) return { kind: 'malformed', host, why: 'its memory has no size' };
  const { used, total } = bytes;
  return sampleOf(
    host,
    time,
    { kind: 'used', scale: { baseUnit: 'fraction', factor: 1 }, number: used / total, suffix: '' },
    withoutUnit(options),
  );
}

/** The fields state their units. */
function withoutUnit({ timeZone }: DocumentContext['options']): DocumentContext['options'] {
  return timeZone === undefined ? {} : { timeZone };
}

function timeText({ date, time, utc, tz }: z.infer<typeof timestampSchema>): string {
  const isUtc = tz === undefined ? utc === 1 || utc === true : /^(UTC|GMT)$/i.test(tz);
  return `${date} ${time}${isUtc ? 'Z' : ''}`;
}

/** A size that differs from another by less than this share is the same one: the percentage has two decimals. */
const SAME_SIZE = 0.005;

/** What is used without the page cache, and what there is. The size of the host is no field of its own. */
function usedOf(memory: Memory): { readonly used: number; readonly total: number } | undefined {
  const { memfree = 0, avail, memused, buffers = 0, cached = 0 } = memory;
  const share = memory['memused-percent'] / 100;
  if (!(share > 0 && memused > 0)) return undefined;
  const rounded = memused / share;
  const isTotal = (size: number) => Math.abs(size - rounded) < SAME_SIZE * rounded;
  // All but the free memory, cache included, or all but the available memory: either sum is exact.
  const total = [memfree + memused, (avail ?? 0) + memused].find(isTotal) ?? rounded;
  if (avail !== undefined) return { used: total - avail, total };
  return { used: isTotal(memfree + memused) ? memused - buffers - cached : memused, total };
}
