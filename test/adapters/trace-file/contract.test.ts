/** Trace files held to the promises of memory sources: rows of CSV, and grids of NDJSON. */
import { traceFileSource } from '../../../adapters/trace-file/source.ts';
import type { Statistic } from '../../../core/model/series.ts';
import { describeMemorySource } from '../../contract/memory-source.ts';
import type { DeadWorld, World } from '../../contract/memory-source-world.ts';
import { MINUTE } from '../../fixtures/builders.ts';
import { iso, LAST_HOUR, truncatedGzip, write } from './files.ts';

const MINUTES = Array.from({ length: 60 }, (_, minute) => minute);
const isInGap = (minute: number) => minute >= 20 && minute < 30;
const percentAt = (minute: number) => 30 + (minute % 7);

const ROWS = `time,host,percent
${MINUTES.filter((minute) => !isInGap(minute))
  .map((minute) => `${iso(minute)},known,${percentAt(minute)}`)
  .reverse()
  .join('\n')}
${MINUTES.map((minute) => `${iso(minute)},flat,50`).join('\n')}
`;

const GRIDS = [
  { id: 'known', step: 60, v: MINUTES.map((minute) => (isInGap(minute) ? null : percentAt(minute))) },
  { id: 'flat', step: 300, start: iso(0), v: Array.from({ length: 12 }, () => 50) },
]
  .map((grid) => JSON.stringify(grid))
  .join('\n');

function truth(statistic: Statistic): { times: number[]; values: number[] } {
  const periods = [0, 5, 10, 15, 30, 35, 40, 45, 50, 55];
  return {
    times: periods.map((minute) => LAST_HOUR.window.start + minute * MINUTE),
    values: periods.map((minute) =>
      fold(
        [0, 1, 2, 3, 4].map((more) => percentAt(minute + more) / 100),
        statistic,
      ),
    ),
  };
}

function fold(values: readonly number[], statistic: Statistic): number {
  if (statistic === 'minimum') return Math.min(...values);
  if (statistic === 'maximum') return Math.max(...values);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

type Files = Readonly<Record<string, string | Buffer>>;

async function world(files: Files, others: Partial<World> = {}, missing: readonly string[] = []): Promise<World> {
  const paths = [...(await write(files)), ...missing];
  return {
    open: () => traceFileSource({ files: paths }),
    span: LAST_HOUR,
    hosts: { known: 'series', flat: 'series' },
    inventoryCalls: [],
    billed: 0,
    known: { id: 'known', truth },
    ...others,
  };
}

async function deadWorld(
  files: Files,
  reason: DeadWorld['reason'],
  missing: readonly string[] = [],
): Promise<DeadWorld> {
  const paths = [...(await write(files)), ...missing];
  return { open: () => traceFileSource({ files: paths }), span: LAST_HOUR, reason, retryable: false };
}

describeMemorySource('a file of rows', {
  world: () => world({ 'rows.csv': ROWS }),
  partlyFailing: {
    'a line is malformed': () => world({ 'rows.csv': `${ROWS}now,known,50\n` }, { scopeFailures: ['malformed'] }),
    'another file is missing': () => world({ 'rows.csv': ROWS }, { scopeFailures: ['not_found'] }, ['/nowhere/x.csv']),
    'the file is truncated': () =>
      world(
        { 'rows.csv.gz': truncatedGzip(ROWS) },
        { hosts: { known: 'truncated', flat: 'truncated' }, scopeFailures: ['truncated'] },
      ),
  },
  dead: {
    'the file is missing': () => deadWorld({}, 'not_found', ['/nowhere/x.csv']),
    'the file is empty': () => deadWorld({ 'empty.csv': '\n\n' }, 'malformed'),
    'the header lacks a column': () => deadWorld({ 'rows.csv': 'when,who,what\n1,2,3\n' }, 'malformed'),
    'the file is a folder': () => deadWorld({}, 'malformed', ['/']),
  },
});

describeMemorySource('a file of grids', {
  world: () => world({ 'grids.ndjson': GRIDS }),
  partlyFailing: {
    'a host’s line is malformed': () =>
      world(
        { 'grids.ndjson': `${GRIDS}\n{"id": "malformed", "step": 60, "v": ["10"]}` },
        { hosts: { known: 'series', flat: 'series', malformed: 'malformed' } },
      ),
    'a line is no JSON': () => world({ 'grids.ndjson': `${GRIDS}\n{"id": "mal` }, { scopeFailures: ['malformed'] }),
    'a host comes twice': () => world({ 'grids.ndjson': `${GRIDS}\n${GRIDS}` }, { scopeFailures: ['malformed'] }),
  },
  dead: { 'nothing of the file is complete': () => deadWorld({ 'grids.ndjson.gz': truncatedGzip('{') }, 'truncated') },
});
