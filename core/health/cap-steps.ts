/** What a cost cap leads to beside deep reads, in the order in which it is taken: jobs are slowed down before quiet hosts, and paused last. */
import { type JobCadence, QUIET_HOURS } from '../model/cadence.ts';
import { type CappedCadence, projectedUsd, type SpendProjection } from './project-spend.ts';

export type CapStep = Pick<CappedCadence, 'quietHours' | 'jobs'>;

/** Negative where `a` comes before `b`: where it saves less. */
export function compareSteps(a: CapStep, b: CapStep): number {
  return hoursOf(a.jobs) - hoursOf(b.jobs) || a.quietHours - b.quietHours;
}

export function isSameStep(a: CapStep, b: CapStep): boolean {
  return compareSteps(a, b) === 0;
}

function hoursOf(jobs: JobCadence): number {
  return jobs === 'paused' ? Number.MAX_SAFE_INTEGER : jobs;
}

/** What the month will have cost with a step, US dollars. Deep reads are put off before any step is taken. */
export function costsOf(projection: Pick<SpendProjection, 'byHours' | 'jobs' | 'deepReads'>, step: CapStep): number {
  return projectedUsd(projection, { ...step, deepReadsOff: true });
}

/** The first step with which the month ends within the cap; where none does, the first of those that save the most. */
export function firstWithin(usd: number, projection: Pick<SpendProjection, 'byHours' | 'jobs' | 'deepReads'>): CapStep {
  const steps = stepsOf(projection);
  const least = Math.min(...steps.map((step) => costsOf(projection, step)));
  const limit = Math.max(usd, least * (1 + Number.EPSILON * 8));
  return steps.find((step) => costsOf(projection, step) <= limit) ?? { quietHours: 4, jobs: 'paused' };
}

/** Jobs that cost nothing are left as they are, and a cadence that saves nothing of them is none. */
function stepsOf({ jobs }: Pick<SpendProjection, 'jobs'>): readonly CapStep[] {
  const slower = QUIET_HOURS.filter((hours, index) => index > 0 && jobs[hours] < jobs[QUIET_HOURS[index - 1] ?? 0]);
  const slowest = slower.at(-1) ?? 0;
  const paused: readonly JobCadence[] = jobs[slowest] > 0 ? ['paused'] : [];
  return [
    ...[0 as const, ...slower].map((hours) => ({ quietHours: 0 as const, jobs: hours })),
    ...QUIET_HOURS.slice(1).map((quietHours) => ({ quietHours, jobs: slowest })),
    ...paused.flatMap((cadence) => QUIET_HOURS.map((quietHours) => ({ quietHours, jobs: cadence }))),
  ];
}
