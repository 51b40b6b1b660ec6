/**
 * `node bench/train/train.ts --data DIR` learns three tables from DIR: detector/learned-table.ts from all hosts, which is
 * the detector's own, and one from each half of the hosts alone, with which the bench evaluates the other half. Each has one beside it
 * for hosts in their first day. The same files give the same tables; `--check` compares instead of writing, and `--young` learns
 * those of young hosts alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { LearnedTable } from '../../core/detector/learned.ts';
import { type Lessons, readLessons } from '../corpus.ts';
import type { DataSet } from '../data.ts';
import { examplesOf, learn } from './learn.ts';
import { learnYoung, youngExamplesOf } from './learn-young.ts';
import { inOneLine } from './table-text.ts';

interface Product {
  /** From the root of the project. */
  readonly directory: string;
  /** Of the names of its files; empty of the detector's own. */
  readonly prefix: string;
  /** Where the file finds the type of its table. */
  readonly types: string;
  readonly from: string;
  readonly isIn: (series: number) => boolean;
}

const { values } = parseArgs({
  options: { data: { type: 'string' }, check: { type: 'boolean' }, young: { type: 'boolean' } },
});
if (values.data === undefined) {
  console.error('usage: node bench/train/train.ts --data DIR [--check] [--young]');
  process.exit(2);
}
const lessons = readLessons(values.data);
const halves = lessons.series.map(lessons.halfOf);
const products: readonly Product[] = [
  { directory: 'core/detector/', prefix: '', types: './learned.ts', from: 'all hosts of', isIn: () => true },
  {
    directory: 'bench/',
    prefix: 'tuning-',
    types: '../core/detector/learned.ts',
    from: 'the tuning half of the hosts of',
    isIn: (series) => halves[series] === 'tuning',
  },
  {
    directory: 'bench/',
    prefix: 'held-back-',
    types: '../core/detector/learned.ts',
    from: 'the held-back half of the hosts of',
    isIn: (series) => halves[series] === 'held back',
  },
];

if (values.young !== true) {
  const examples = examplesOf(lessons);
  for (const product of products) {
    const name = product.prefix === '' ? 'learned-table.ts' : `${product.prefix}table.ts`;
    give(`${product.directory}${name}`, written(learn(examples, product.isIn, lessons), product, lessons));
  }
}
const youngExamples = youngExamplesOf(lessons);
for (const product of products) {
  const table = learnYoung(youngExamples, product.isIn, lessons);
  give(`${product.directory}${product.prefix}young-table.ts`, written(table, product, lessons));
}

/** Writes a table, or compares it with what is written. `path` is from the root of the project. */
function give(path: string, text: string): void {
  const url = new URL(`../../${path}`, import.meta.url);
  if (values.check !== true) {
    writeFileSync(url, text);
    console.log(`${path} is written`);
  } else if (readFileSync(url, 'utf8') === text) console.log(`${path} is what these files teach`);
  else {
    console.error(`${path} is not what these files teach`);
    process.exitCode = 1;
  }
}

/** The table as a module, one tree a line. */
function written(
  { base, calibrations, limits, trees }: LearnedTable,
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
  calibrations: [
${calibrations.map((one) => `    ${inOneLine(one)},`).join('\n')}
  ],
  limits: [${limits.join(', ')}],
  // Questions ([feature, above, what is not known counts as yes]): the first, those after a no and a yes, those after two answers; values from no-no-no to yes-yes-yes.
  trees: [
${trees.map((tree) => `    ${inOneLine(tree)},`).join('\n')}
  ],
};
`;
}

function checksum({ name, sha256, series }: DataSet): string {
  return ` * ${name}.ndjson.gz (${series.length} series, sha256 ${sha256})`;
}
