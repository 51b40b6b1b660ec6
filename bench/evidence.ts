/**
 * `node bench/evidence.ts --data DIR` makes fleets of several seeds and measures what siblings and consumers add to a host's own curve, with
 * peers beside it; it prints the table and writes it to bench/results/evidence.md. Options: `--seeds 101,102,103`; `--groups N` and
 * `--singles N` of each; `--sets FILE,FILE` files of fleets instead, each counted as a seed; `--jobs N` threads; `--out FILE`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { progressBar } from '../cli/render/progress-bar.ts';
import { createTerminal } from '../cli/terminal.ts';
import { readCorpus } from './corpus.ts';
import { windowEnds } from './data.ts';
import { type EvaluatedRow, type EvidenceTask, ROW_NAMES } from './evidence-rows.ts';
import { type EvaluatedHost, FIGURES, type FigureName, figuresOf } from './evidence-scores.ts';
import { drawFleets, type Fleets } from './fleets/fleets.ts';
import { figure, markdownTable } from './markdown.ts';
import { readSeries } from './path-sets.ts';
import { inWorkers } from './workers.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seeds: { type: 'string', default: '101,102,103' },
    groups: { type: 'string', default: '90' },
    singles: { type: 'string', default: '30' },
    sets: { type: 'string', default: '' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    out: { type: 'string', default: fileURLToPath(new URL('results/evidence.md', import.meta.url)) },
  },
});
const [groups, singles, jobs] = [Number(values.groups), Number(values.singles), Number(values.jobs)];
const seeds = values.seeds.split(',').map(Number);
if (values.data === undefined || ![groups, singles, jobs, ...seeds].every((number) => Number.isInteger(number))) {
  console.error(
    'usage: node bench/evidence.ts --data DIR [--seeds N,N] [--groups N] [--singles N] [--sets FILE,FILE] [--jobs N] [--out FILE]',
  );
  process.exit(2);
}

/** Of a figure; one where it is not listed. */
const DECIMALS: Readonly<Partial<Record<FigureName | 'ms', number>>> = {
  sF1: 3,
  wF1: 3,
  lasting: 2,
  'lasting slow': 2,
  'shared found': 2,
  'false fleet-wide': 0,
  calibration: 3,
  ms: 2,
};

const directory = values.data;
const terminal = createTerminal(process.stdout, process.stderr);
const files = values.sets.split(',').filter(Boolean);
const { halfOf } = readCorpus(directory, ['injected']);
const names = files.length > 0 ? files : seeds.map((seed) => `seed ${seed}`);
const bySet: ReadonlyMap<string, Record<FigureName | 'ms', number>>[] = [];
for (const [index, name] of names.entries()) {
  terminal.progress(`${name} …`);
  const drawn: Pick<Fleets, 'series'> =
    files.length > 0
      ? { series: readSeries(name) }
      : drawFleets({ directory, seed: seeds[index] ?? 1, groups, singles, half: undefined, weeks: false });
  bySet.push(await figuresByRow(drawn.series, name));
}

const rows = ROW_NAMES.map((row) => [
  row,
  ...[...FIGURES, 'ms' as const].map((one) =>
    spread(
      bySet.map((rows) => rows.get(row)?.[one] ?? Number.NaN),
      one,
    ),
  ),
]);
const text = `# Evidence beside one curve

${names.length} sets: ${names.join(', ')}. Each figure is the median of the sets, with the least and the greatest. FA: alarms per 1,000 healthy
host-days. Delays are hours. Lasting: the share of hours flagged after the first hit while memory leaks. Timings differ from run to run.

${markdownTable(['', ...FIGURES, 'ms / window'], rows)}
`;
terminal.print(text);
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, text);
terminal.note(`written to ${values.out}`);

async function figuresByRow(
  series: Fleets['series'],
  name: string,
): Promise<ReadonlyMap<string, Record<FigureName | 'ms', number>>> {
  const members = series.map((one) => ({ series: one, half: halfOf(one) }));
  const together = Map.groupBy(members, ({ series: { group, id } }) => group ?? `host ${id}`);
  const tasks = [...together.values()].map((some): EvidenceTask => ({ members: some }));
  const hostsByRow = ROW_NAMES.map((): EvaluatedHost[] => []);
  const elapsed = ROW_NAMES.map(() => 0);
  const began = performance.now();
  let done = 0;
  await inWorkers<EvidenceTask, EvaluatedRow[]>(
    new URL('evidence-worker.ts', import.meta.url),
    jobs,
    tasks,
    (rows, task) => {
      for (const [row, { hosts, elapsedMs }] of rows.entries()) {
        elapsed[row] = (elapsed[row] ?? 0) + elapsedMs;
        for (const [index, flags] of hosts.entries()) {
          const one = task.members[index]?.series;
          if (one !== undefined) hostsByRow[row]?.push({ ...flags, series: one });
        }
      }
      terminal.progress(progressBar(name, { done: ++done, total: tasks.length, elapsedMs: performance.now() - began }));
    },
  );
  const windows = series.reduce((sum, one) => sum + windowEnds(one).length, 0);
  return new Map(
    ROW_NAMES.map((row, index) => [
      row,
      { ...figuresOf(hostsByRow[index] ?? []), ms: (elapsed[index] ?? 0) / windows },
    ]),
  );
}

/** `.84 (.82 to .87)`: the median of the sets, the least and the greatest. */
function spread(all: readonly number[], name: FigureName | 'ms'): string {
  const known = all.filter(Number.isFinite).sort((a, b) => a - b);
  const decimals = DECIMALS[name] ?? 1;
  const [least, middle, greatest] = [known[0], known[known.length >> 1], known.at(-1)];
  if (least === undefined || middle === undefined || greatest === undefined) return '–';
  const median = figure(middle, decimals);
  return known.length === 1 ? median : `${median} (${figure(least, decimals)} to ${figure(greatest, decimals)})`;
}
