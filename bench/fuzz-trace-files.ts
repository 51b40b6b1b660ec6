/** Trace files of every form that is read, and what breaks them: bytes, lines and words that are changed, moved, repeated or lost. */
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { traceFileSource } from '../adapters/trace-file/source.ts';
import { surveyTraces } from '../adapters/trace-file/survey.ts';
import { MEMORY_UTILIZATION, type Span } from '../core/model/series.ts';
import { SourceError } from '../core/ports/errors.ts';
import type { Random } from './random.ts';

const HOUR = 3_600_000;
const END = Date.UTC(2026, 10, 20, 12);
const SPAN: Span = { window: { start: END - 100 * HOUR, end: END }, periodMs: HOUR / 4, statistic: 'minimum' };

const TIMES = Array.from({ length: 24 }, (_, index) => END - (24 - index) * HOUR);
const iso = (time: number) => new Date(time).toISOString();
const percent = (index: number) => (30 + index / 2).toFixed(1);
const table = (header: string, row: (time: number, index: number) => string) =>
  `${header}\n${TIMES.map((time, index) => row(time, index)).join('\n')}\n`;

/** Sound files, one of each form. */
export const SEEDS: readonly string[] = [
  table('time,host,percent', (time, index) => `${iso(time)},web-1,${percent(index)}`),
  table('sep=;\ntime;host;percent', (time, index) => `${iso(time)};web-1;${percent(index).replace('.', ',')}`),
  table(
    '"Time","web-1 (%)","{instance=""web-2""}"',
    (time, index) => `"${iso(time)}",${percent(index)},"${percent(index)} %"`,
  ),
  table('name,host,time,bytes,limit', (time, index) => `mem,web-1,${time}000000,${index}000000,99000000`),
  TIMES.map((time, index) => JSON.stringify({ time: iso(time), host: 'web-1', percent: 30 + index })).join('\n'),
  JSON.stringify({ id: 'web-1', step: 900, start: iso(END - 6 * HOUR), v: TIMES.map((_, index) => 30 + index) }),
  JSON.stringify(
    {
      MetricDataResults: [
        {
          Id: 'm1',
          Label: 'mem_used_percent',
          Timestamps: TIMES.map(iso),
          Values: TIMES.map((_, index) => index),
          StatusCode: 'Complete',
        },
      ],
    },
    null,
    2,
  ),
  JSON.stringify({
    Label: 'mem_used_percent',
    Datapoints: TIMES.map((time, index) => ({ Timestamp: iso(time), Average: index, Unit: 'Percent' })),
  }),
  JSON.stringify({
    timespan: '',
    interval: 'PT1H',
    value: [
      {
        id: '/virtualMachines/web-1/x',
        name: { value: 'Available Memory Percentage' },
        unit: 'Percent',
        timeseries: [
          { data: TIMES.map((time, index) => ({ timeStamp: iso(time), average: index })), metadatavalues: [] },
        ],
      },
    ],
  }),
  JSON.stringify({
    status: 'success',
    data: {
      resultType: 'matrix',
      result: [{ metric: { instance: 'web-1' }, values: TIMES.map((time) => [time / 1000, '0.5']) }],
    },
  }),
  JSON.stringify({
    sysstat: {
      hosts: [
        {
          nodename: 'web-1',
          statistics: TIMES.map((time) => ({
            timestamp: { date: iso(time).slice(0, 10), time: iso(time).slice(11, 19), utc: 1 },
            memory: { memfree: 1000, avail: 3000, memused: 3000, 'memused-percent': 75, buffers: 0, cached: 2000 },
          })),
        },
      ],
    },
  }),
];

/** What is put into a file somewhere. */
const HOSTILE = [
  '"',
  "'",
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r',
  '\0',
  '\uFEFF',
  '\uFFFD',
  '%',
  '{',
  '}',
  '[',
  ']',
  '-',
  'e308',
  '1e999',
  'NaN',
  'null',
  '9'.repeat(30),
  '0x10',
  '__proto__',
  'constructor',
  '2099-01-01T00:00:00Z',
  '0000-00-00',
  '1970-01-01T00:00:00Z',
  '-1',
  '1,234',
  ' ',
  '\u202e',
  '\ud800',
  'time',
  'host',
  'percent',
  '""',
  ':',
  '\\',
  '\\u0000',
  '1.7976931348623157e308',
] as const;

type Mutation = (text: string, random: Random) => string;

const at = (text: string, random: Random) => Math.floor(random() * (text.length + 1));
const pick = <T>(values: readonly [T, ...T[]], random: Random): T =>
  values[Math.floor(random() * values.length)] ?? values[0];

/** Replaces some characters by something else. */
const replaced = (text: string, random: Random, length: number, by: string) => {
  const from = at(text, random);
  return text.slice(0, from) + by + text.slice(from + length);
};

const MUTATIONS: readonly [Mutation, ...Mutation[]] = [
  (text, random) => replaced(text, random, 0, pick(HOSTILE, random)),
  (text, random) => replaced(text, random, Math.floor(random() * 20), pick(HOSTILE, random)),
  (text, random) => replaced(text, random, Math.floor(random() * 40), ''),
  (text, random) => text.slice(0, at(text, random)),
  (text, random) => text.slice(at(text, random)),
  (text, random) => text + text.slice(at(text, random)),
  (text, random) => replaced(text, random, 1, String.fromCharCode(Math.floor(random() * 0x1_0000))),
  (text, random) =>
    text.replaceAll(pick([',', ';', '"', '\n', ':', '.', '2026', 'host', 'time'], random), pick(HOSTILE, random)),
  (text, random) =>
    text
      .split('\n')
      .toSorted(() => random() - 0.5)
      .join('\n'),
  (text, random) => text.replace(/\d+/g, (digits) => (random() < 0.05 ? pick(HOSTILE, random) : digits)),
];

/** Encodings, among them some that are none. */
const ENCODINGS: readonly [(text: string) => Buffer, ...((text: string) => Buffer)[]] = [
  (text) => Buffer.from(text),
  (text) => Buffer.from(text),
  (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  (text) => Buffer.from(text, 'latin1'),
  (text) => gzipSync(text),
  (text) => gzipSync(text).subarray(0, -12),
];

/** A mutated copy of a sound file, as bytes. */
export function mutated(seed: string, random: Random): Buffer {
  let text = seed;
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--) text = pick(MUTATIONS, random)(text, random);
  return pick(ENCODINGS, random)(text);
}

/** Reads a mutated file as the commands do. Returns what became of it; throws what no command expects. */
export async function readMutated(path: string, seed: string, random: Random): Promise<string> {
  await writeFile(path, mutated(seed, random));
  const survey = await surveyTraces([path], { notAfter: END });
  if (survey.recorded !== undefined) new Date(survey.recorded.end).toISOString();
  try {
    const source = traceFileSource({ files: [path] });
    const kinds = new Set<string>();
    for await (const reading of source.read({ metric: MEMORY_UTILIZATION, span: SPAN, filters: [] }, { count() {} })) {
      kinds.add(reading.kind);
      if (reading.kind === 'series' && !reading.values.every(Number.isFinite)) throw new Error('a value is not finite');
    }
    return [...kinds].sort().join(' and ') || 'nothing';
  } catch (error) {
    if (error instanceof SourceError) return 'refused';
    throw error;
  }
}
