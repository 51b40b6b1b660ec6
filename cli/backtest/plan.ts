/** What a backtest replays: which inspections, under which policies. */
import { sweptThresholds } from '../../core/backtest/alert-budget.ts';
import { dueTimes, type Period } from '../../core/backtest/backtest.ts';
import { spanOf } from '../../core/backtest/hosts.ts';
import { effectivePolicy, type Policy } from '../../core/model/policy.ts';
import { scopeText } from '../findings/wording.ts';
import { formatTime } from '../render/units.ts';
import { type PolicyOption, policyName, readPolicyOption } from '../source/policy-option.ts';
import type { Selection, SourceOptions, Target } from '../source/targets.ts';
import { UsageError } from '../usage-error.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** A week holds what days and weekends do. */
const DEFAULT_DAYS = 7;

export interface PlanOptions extends SourceOptions {
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly to?: number;
  readonly days?: number;
  /** Written like `policy`. */
  readonly against?: string;
  /** Pages per 100 hosts and week. */
  readonly budget?: number;
}

/** One of the configurations that are compared. */
export interface Config {
  readonly key: 'policy' | 'against';
  /** For people. */
  readonly name: string;
  /** Whether a ladder of thresholds says something new of it: not where it differs from the first one in its threshold alone. */
  readonly hasSweep: boolean;
  /** The policy of a target's hosts under it. */
  policyOf(target: Target): Policy;
}

/** One policy that is replayed: a config as it is, or with another threshold. */
export interface Trial {
  readonly config: Config;
  readonly threshold?: number;
}

/** The config that is asked about, then the one that it is compared with where there is one. */
export async function readConfigs({ policy, against }: PlanOptions): Promise<readonly [Config, ...Config[]]> {
  const second = against === undefined ? undefined : await readPolicyOption(against);
  const base: Config = {
    key: 'policy',
    name: policy === undefined ? 'as configured' : policyName(policy),
    hasSweep: true,
    policyOf: (target) => target.policy,
  };
  return second === undefined ? [base] : [base, comparedWith(base, second)];
}

function comparedWith(base: Config, { name, values }: PolicyOption): Config {
  return {
    key: 'against',
    name,
    hasSweep: Object.keys(values).some((field) => field !== 'threshold'),
    policyOf: (target) => effectivePolicy(base.policyOf(target), values),
  };
}

/** The configs themselves come first, in their order; with a budget they are tried at every threshold. */
export function trialsOf(configs: readonly Config[], budget: number | undefined): Trial[] {
  const sweep = budget === undefined ? [] : sweptThresholds();
  const climbing = configs.filter(({ hasSweep }) => hasSweep);
  const climbs = climbing.flatMap((config) => sweep.map((threshold) => ({ config, threshold })));
  return [...configs.map((config) => ({ config })), ...climbs];
}

export function policyOf({ config, threshold }: Trial, target: Target): Policy {
  return { ...config.policyOf(target), ...(threshold !== undefined && { threshold }) };
}

/** Full hours, as near as they are to the time that was asked for. Throws `UsageError` where none is in it. */
export function periodOf({ from, days = DEFAULT_DAYS }: PlanOptions, { scheduledTime }: Selection): Period {
  const to = fullHour(scheduledTime);
  const period = { from: fullHour(from ?? to - days * DAY), to, everyMs: HOUR };
  if (dueTimes(period).next().done) {
    throw new UsageError(`There is no full hour after ${formatTime(period.from)} and up to ${formatTime(to)}.`);
  }
  return period;
}

function fullHour(time: number): number {
  return Math.floor(time / HOUR) * HOUR;
}

/**
 * Throws `UsageError` where a source has forgotten samples that an inspection then had: what would be judged without them
 * is not what would have been told.
 */
export function refuseForgotten({ targets, now }: Selection, period: Period, configs: readonly Config[]): void {
  for (const target of targets) {
    const { scope, retentionMs, ingestionDelayMs } = target.source;
    const policies = configs.map((config) => config.policyOf(target));
    const start = spanOf({ ...period, ingestionDelayMs, policies })?.window.start;
    if (retentionMs === undefined || start === undefined || start >= now - retentionMs) continue;
    const earliest = Math.ceil((period.from + (now - retentionMs - start)) / HOUR) * HOUR;
    throw new UsageError(
      `${scopeText(scope)} keeps samples as fine as these for ${retentionMs / DAY} days. With the look-back before the ` +
        `first inspection it can be replayed from ${formatTime(earliest)} on: give a later --from, or fewer --days.`,
    );
  }
}
