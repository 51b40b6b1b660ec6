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
import { curveTable, type HostsByRow, medianOf, partsTable } from './evidence-curve.ts';
import { type EvaluatedRow, type EvidenceTask, OWN_ROWS, ROW_NAMES } from './evidence-rows.ts';
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
  'at the prior': 3,
  ms: 2,
};

const directory = values.data;
const terminal = createTerminal(process.stdout, process.stderr);
const files = values.sets.split(',').filter(Boolean);
const { halfOf } = readCorpus(directory, ['injected']);
const names = files.length > 0 ? files : seeds.map((seed) => `seed ${seed}`);
const sets: EvaluatedSet[] = [];
for (const [index, name] of names.entries()) {
  terminal.progress(`${name} …`);
  const drawn: Pick<Fleets, 'series'> =
    files.length > 0
      ? { series: readSeries(name) }
      : drawFleets({ directory, seed: seeds[index] ?? 1, groups, singles, half: undefined, weeks: false });
  sets.push(await evaluatedSet(drawn.series, name));
}

const rows = ROW_NAMES.map((row) => [
  row,
  ...[...FIGURES, 'ms' as const].map((one) =>
    spread(
      sets.map(({ figures }) => figures.get(row)?.[one] ?? Number.NaN),
      one,
    ),
  ),
]);
const hostsBySet = sets.map(({ hosts }) => hosts);
const text = `# Evidence beside one curve

${names.length} sets: ${names.join(', ')}. Each figure is the median of the sets, with the least and the greatest. FA: alarms per 1,000 healthy
host-days. Delays are hours. Lasting: the share of hours flagged after the first hit while memory leaks. Calibration: the mean distance of a confidence and
the share of hours that leak, as these hosts are, and with healthy hours weighed so that as many leak as the prior of the policy has. Timings differ from run to run.

${markdownTable(['', ...FIGURES, 'ms / window'], rows)}

## The curve

What sF1 and FA would be at other thresholds. The default threshold is 0.7. Medians of the sets.

${curveTable(hostsBySet, OWN_ROWS)}

## Which evidence it takes

The same hosts at the default threshold, divided by what is known of them. Medians of the sets.

${partsTable(hostsBySet, OWN_ROWS)}
`;
terminal.print(text);
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, text);
terminal.note(`written to ${values.out}`);

interface EvaluatedSet {
  readonly hosts: HostsByRow;
  readonly figures: ReadonlyMap<string, Record<FigureName | 'ms', number>>;
}

async function evaluatedSet(series: Fleets['series'], name: string): Promise<EvaluatedSet> {
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
  const hosts = new Map(ROW_NAMES.map((row, index) => [row, hostsByRow[index] ?? []]));
  const msOf = (index: number) => (elapsed[index] ?? 0) / windows;
  const figures = new Map(
    ROW_NAMES.map((row, index) => [row, { ...figuresOf(hosts.get(row) ?? []), ms: msOf(index) }]),
  );
  return { hosts, figures };
}

/** `.84 (.82 to .87)`: the median of the sets, the least and the greatest. */
function spread(all: readonly number[], name: FigureName | 'ms'): string {
  const known = all.filter(Number.isFinite).sort((a, b) => a - b);
  const decimals = DECIMALS[name] ?? 1;
  const [least, greatest] = [known[0], known.at(-1)];
  if (least === undefined || greatest === undefined) return '–';
  const median = figure(medianOf(known), decimals);
  return known.length === 1 ? median : `${median} (${figure(least, decimals)} to ${figure(greatest, decimals)})`;
}
