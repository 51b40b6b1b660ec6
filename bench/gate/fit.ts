/**
 * Fits the weights of core/detector/gate-table.ts: `node bench/gate/fit.ts`. On programs of `programs/calibration` at several lengths, and
 * made jobs; the programs of `programs/trial` have no part in it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evaluateJob, JOB_POLICY } from '../../core/detector/gate.ts';
import { JOB_FEATURES, type JobFeature } from '../../core/detector/gate-features.ts';
import { type Example, fitLogistic } from '../train/logistic.ts';
import { madeJobs } from './made-jobs.ts';
import { seriesOf, tracesOf } from './traces.ts';

const MADE = 1500;
const SEED = 18;
const MINUTES = [3, 4, 5, 6, 7, 8, 9, 10];
/** All made jobs together weigh as much as this many programs: they are simpler. */
const MADE_WEIGHT = 30;
const TABLE = join(import.meta.dirname, '../../core/detector/gate-table.ts');

interface Known {
  readonly id: string;
  readonly isLeak: boolean;
  readonly weight: number;
  readonly features: Readonly<Record<JobFeature, number>>;
}

/** The name that grows most, at each length of a trace. */
async function ofPrograms(): Promise<Known[]> {
  return (await tracesOf('calibration')).flatMap((trace) =>
    MINUTES.flatMap((minutes): Known[] => {
      const evaluated = evaluateJob(seriesOf(trace, minutes)).names.flatMap(({ growth }) => growth ?? []);
      const [most] = evaluated.toSorted((a, b) => b.bytesPerMinute - a.bytesPerMinute);
      if (most === undefined) return [];
      return [{ id: trace.id, isLeak: trace.leaks, weight: 1 / MINUTES.length, features: most.features }];
    }),
  );
}

function ofMadeJobs(): Known[] {
  return madeJobs(MADE, SEED).flatMap(({ leaks, series }): Known[] => {
    const growth = evaluateJob([series]).names[0]?.growth;
    // Growth that is accepted anyway teaches nothing.
    if (growth === undefined || growth.bytesPerMinute <= JOB_POLICY.maxGrowth) return [];
    return [{ id: 'made', isLeak: leaks, weight: MADE_WEIGHT / MADE, features: growth.features }];
  });
}

/** Each class weighs the same, whatever there is more of; `scale` keeps the ridge of the fit in proportion. */
function examplesOf(known: readonly Known[]): Example[] {
  const total = (isLeak: boolean) =>
    known.filter((one) => one.isLeak === isLeak).reduce((sum, { weight }) => sum + weight, 0);
  const scale = { leak: 100 / total(true), healthy: 100 / total(false) };
  return known.map(({ isLeak, weight, features }) => ({
    features: [1, ...JOB_FEATURES.map((name) => features[name])],
    offset: 0,
    isLeak,
    weight: weight * (isLeak ? scale.leak : scale.healthy),
  }));
}

function rounded(weight: number | undefined): number {
  return Number((weight ?? 0).toFixed(3));
}

const programs = await ofPrograms();
const made = ofMadeJobs();
const [base, ...weights] = fitLogistic(examplesOf([...programs, ...made]));
await writeFile(
  TABLE,
  `/**
 * Written by bench/gate/fit.ts: do not edit. Fitted on ${new Set(programs.map(({ id }) => id)).size} programs at up to ${MINUTES.length} lengths, and on ${made.length} made jobs.
 */
import type { JobFeature } from './gate-features.ts';

export const JOB_BASE = ${rounded(base)};

export const JOB_WEIGHTS: Readonly<Record<JobFeature, number>> = {
${JOB_FEATURES.map((name, index) => `  ${name}: ${rounded(weights[index])},`).join('\n')}
};
`,
);

// How well it describes what it was fitted on, and programs that were left out one by one.
function logistic(features: Known['features'], [first = 0, ...rest]: readonly number[]): number {
  const sum = JOB_FEATURES.reduce((total, name, index) => total + (rest[index] ?? 0) * features[name], first);
  return 1 / (1 + Math.exp(-sum));
}
const leftOut = [...new Set(programs.map(({ id }) => id))].flatMap((id) => {
  const fit = fitLogistic(examplesOf([...programs.filter((one) => one.id !== id), ...made]));
  const own = programs.filter((one) => one.id === id);
  const scores = own.map(({ features }) => logistic(features, fit));
  process.stdout.write(`${id.padEnd(28)} left out: ${scores.map((score) => score.toFixed(2)).join(' ')}\n`);
  return own.map(({ isLeak }, index) => ({ isLeak, score: scores[index] ?? 0 }));
});
for (const threshold of [0.4, 0.5, 0.6, 0.7]) {
  const share = (isLeak: boolean) => {
    const of = leftOut.filter((one) => one.isLeak === isLeak);
    return (of.filter(({ score }) => score >= threshold).length / of.length).toFixed(3);
  };
  process.stdout.write(`left out, at ${threshold}: ${share(true)} of leaks, ${share(false)} of healthy\n`);
}
const all = [base ?? 0, ...weights];
for (const isLeak of [true, false]) {
  const scores = made.filter((one) => one.isLeak === isLeak).map(({ features }) => logistic(features, all));
  const above = scores.filter((score) => score >= JOB_POLICY.threshold).length;
  process.stdout.write(
    `made, ${isLeak ? 'leaks' : 'healthy'}: ${above} of ${scores.length} at ${JOB_POLICY.threshold}\n`,
  );
}
