/**
 * `node bench/fleets/make.ts --data DIR --seed N --out FILE.ndjson.gz` writes grid lines of generated fleets, as the data's README.md
 * describes them, with their truth. Options: `--groups N` groups of 3 to 6 siblings; `--singles N` hosts without a group;
 * `--half tuning|'held back'` hosts of one half alone; `--weeks` hosts of 30 to 60 days that are evaluated over weeks instead;
 * `--check` prints what the detector makes of them.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { checkReport } from './check.ts';
import { drawFleets } from './fleets.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
    groups: { type: 'string', default: '90' },
    singles: { type: 'string', default: '30' },
    half: { type: 'string' },
    weeks: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});
const HALVES = ['tuning', 'held back'] as const;
const [seed, groups, singles] = [Number(values.seed), Number(values.groups), Number(values.singles)];
const half = HALVES.find((one) => one === values.half);
if (
  values.data === undefined ||
  ![seed, groups, singles].every((number) => Number.isInteger(number) && number >= 0) ||
  (half === undefined && values.half !== undefined)
) {
  console.error(
    "usage: node bench/fleets/make.ts --data DIR [--seed N] [--out FILE] [--groups N] [--singles N] [--half tuning|'held back'] [--weeks] [--check]",
  );
  process.exit(2);
}
const fleets = drawFleets({ directory: values.data, seed, groups, singles, half, weeks: values.weeks });
if (values.out !== undefined) {
  const text = fleets.series.map((one) => `${JSON.stringify(one)}\n`).join('');
  writeFileSync(values.out, values.out.endsWith('.gz') ? gzipSync(text, { level: 6 }) : text);
  console.log(`${values.out}: ${fleets.series.length} hosts`);
}
if (values.check) console.log(checkReport(fleets));
