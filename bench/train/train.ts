/**
 * `node bench/train/train.ts --data DIR` learns two tables from DIR: detector/learned-table.ts from all hosts, which is
 * what the detector judges with, and bench/tuning-table.ts from the tuning half alone, with which the bench judges the
 * half that was held back. The same files give the same tables; `--check` compares instead of writing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { LearnedTable } from '../../detector/learned.ts';
import { type Lessons, readLessons } from '../corpus.ts';
import type { DataSet } from '../data.ts';
import { examplesOf, learn } from './learn.ts';

interface Product {
  /** From the root of the project. */
  readonly path: string;
  /** Where the file finds the type of its table. */
  readonly types: string;
  readonly from: string;
  readonly isIn: (series: number) => boolean;
}

const { values } = parseArgs({ options: { data: { type: 'string' }, check: { type: 'boolean' } } });
if (values.data === undefined) {
  console.error('usage: node bench/train/train.ts --data DIR [--check]');
  process.exit(2);
}
const lessons = readLessons(values.data);
const examples = examplesOf(lessons);
const halves = lessons.series.map(lessons.halfOf);
const products: readonly Product[] = [
  { path: 'detector/learned-table.ts', types: './learned.ts', from: 'all hosts of', isIn: () => true },
  {
    path: 'bench/tuning-table.ts',
    types: '../detector/learned.ts',
    from: 'the tuning half of the hosts of',
    isIn: (series) => halves[series] === 'tuning',
  },
];
for (const product of products) {
  const text = written(learn(examples, product.isIn, lessons), product, lessons);
  const path = new URL(`../../${product.path}`, import.meta.url);
  if (values.check !== true) {
    writeFileSync(path, text);
    console.log(`${product.path} is written`);
  } else if (readFileSync(path, 'utf8') === text) console.log(`${product.path} is what these files teach`);
  else {
    console.error(`${product.path} is not what these files teach`);
    process.exitCode = 1;
  }
}

/** The table as a module, one tree a line. */
function written(
  { base, calibration, limits, trees }: LearnedTable,
  { types, from }: Product,
  { sets }: Lessons,
): string {
  return `/**
 * Written by bench/train/train.ts: do not edit. Learned from ${from}
${sets.map(checksum).join('\n')}
 * and from series that bench/train/inject.ts made on their healthy hosts.
 */
// biome-ignore-all format: one tree a line
import type { LearnedTable } from '${types}';

export const TABLE: LearnedTable = {
  base: ${base},
  calibration: {
    scores: [${calibration.scores.join(', ')}],
    logOdds: [${calibration.logOdds.join(', ')}],
    prior: ${calibration.prior},
  },
  limits: [${limits.join(', ')}],
  // Question, question after a no, question after a yes ([sign, above, what is not known counts as yes]); values of no-no, no-yes, yes-no, yes-yes.
  trees: [
${trees.map((tree) => `    ${JSON.stringify(tree).replaceAll('"', "'").replaceAll(',', ', ')},`).join('\n')}
  ],
};
`;
}

function checksum({ name, sha256, series }: DataSet): string {
  return ` * ${name}.ndjson.gz (${series.length} series, sha256 ${sha256})`;
}
