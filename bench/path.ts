/**
 * `node bench/path.ts --data DIR` replays every series hour by hour through the path to a subscriber, over days and weeks, scores what is
 * received, prints the tables and writes them to bench/results/path.md. Options: `--cases DIR` the cases of the field; `--sets FILE,FILE`
 * further series; `--seed N` of those that are made; `--cache DIR` where verdicts are kept; `--jobs N` threads; `--out FILE`. `--quick` takes
 * every 5th series, `--half tuning` and `--half 'held back'` those of one half; both only print. `--keep` keeps what is received as that of
 * before, in bench/results/path-before.ndjson.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { progressBar } from '../cli/render/progress-bar.ts';
import { createTerminal } from '../cli/terminal.ts';
import { effectivePolicy } from '../core/model/policy.ts';
import { asBefore, keepAsBefore } from './path-before.ts';
import { replayAccount } from './path-replay.ts';
import { pathReport } from './path-report.ts';
import type { Replayed } from './path-score.ts';
import { type PathHost, readPathHosts } from './path-sets.ts';
import { readVerdicts, verdictFiles } from './path-verdicts.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    cases: { type: 'string' },
    sets: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    cache: { type: 'string', default: join(tmpdir(), 'plimsoll-path') },
    jobs: { type: 'string', default: String(availableParallelism()) },
    half: { type: 'string' },
    out: { type: 'string', default: fileURLToPath(new URL('results/path.md', import.meta.url)) },
    quick: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const [jobs, seed] = [Number(values.jobs), Number(values.seed)];
if (values.data === undefined || !Number.isInteger(jobs) || jobs < 1 || !Number.isInteger(seed)) {
  console.error(
    'usage: node bench/path.ts --data DIR [--cases DIR] [--sets FILE,FILE] [--seed N] [--cache DIR] [--jobs N] [--out FILE] [--quick] [--half HALF] [--keep]',
  );
  process.exit(2);
}

/** Shares no factor with the numbers of kinds that the made series go through. */
const QUICK_EVERY = 5;

const BEFORE = fileURLToPath(new URL('results/path-before.ndjson', import.meta.url));

const terminal = createTerminal(process.stdout, process.stderr);
terminal.progress('reading series …');
const input = { data: values.data, cases: values.cases, sets: values.sets.split(',').filter(Boolean), seed };
const all = readPathHosts(input).filter(({ role, half }, index) => {
  if (role === 'listed') return true;
  return (values.half === undefined || half === values.half) && (!values.quick || index % QUICK_EVERY === 0);
});
const isPart = values.quick || values.half !== undefined;
const hosts = await replayAll(all);
if (values.keep && !isPart) keepAsBefore(BEFORE, hosts, seed);
const text = pathReport({ hosts, before: asBefore(BEFORE, hosts, seed), seed });
terminal.print(text);
if (!isPart) {
  mkdirSync(dirname(values.out), { recursive: true });
  writeFileSync(values.out, text);
  terminal.note(`written to ${values.out}`);
}

async function replayAll(some: readonly PathHost[]): Promise<Replayed[]> {
  const began = performance.now();
  const progress = (done: number, total: number) => {
    terminal.progress(progressBar('evaluating', { done, total, elapsedMs: performance.now() - began }));
  };
  const files = await verdictFiles(some, { cache: values.cache, jobs, progress }, accountOf);
  const { recoverAfter } = effectivePolicy();
  const replayed: Replayed[] = [];
  for (const [account, members] of Map.groupBy(some.entries(), ([index, host]) => accountOf(host, index))) {
    terminal.progress(`replaying ${account} …`);
    const hostsOf = members.map(([index, { series }]) => ({ series, verdicts: readVerdicts(files[index] ?? '') }));
    for (const [order, received] of replayAccount(hostsOf, { recoverAfter }).entries()) {
      const [index, host] = members[order] ?? [];
      if (index !== undefined && host !== undefined) replayed[index] = { ...host, received };
    }
  }
  return replayed;
}

/**
 * Hosts that were recorded together are of one account, and so are those of one group; of others that are made, each has its own: all of
 * them begin to leak within days.
 */
function accountOf({ set, role, series: { group } }: PathHost, index: number): string {
  if (group !== undefined) return `${set}, group ${group}`;
  return role === 'unmodified' && set.startsWith('real-') ? set : `${set}, host ${index}`;
}
