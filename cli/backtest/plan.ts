/** What a backtest replays: which inspections, under which policies. */

import { sweptThresholds } from '../../core/backtest/alert-budget.ts';
import { dueTimes, type Period } from '../../core/backtest/backtest.ts';
import { type ReplayedPolicies, spanOf } from '../../core/backtest/hosts.ts';
import { formatTime } from '../../core/messages/times.ts';
import { ADAPTIVE_HOURS, type QuietHours } from '../../core/model/cadence.ts';
import { type HostPolicies, overridden } from '../../core/model/policy.ts';
import { scopeText } from '../findings/wording.ts';
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

/** One of the policies that are compared: what is configured with the values of an option over it. */
export interface Variant {
  readonly key: 'policy' | 'against';
  /** For people. */
  readonly name: string;
  /** Hours between two inspections of a quiet host; 0 where every host is inspected every full hour. */
  readonly quietHours: QuietHours;
  /** Whether a threshold sweep of it shows anything new: not where it differs from the first one in its threshold alone. */
  readonly hasSweep: boolean;
  /** The policies of a target's hosts under it. */
  policiesOf(target: Target): HostPolicies;
}

/** One policy that is replayed: a variant as it is, or with a threshold of the sweep. */
export interface Trial {
  readonly variant: Variant;
  readonly threshold?: number;
}

/** The variant of `--policy`, then the one of `--against` where there is one. */
export async function readVariants({ policy, against }: PlanOptions): Promise<readonly [Variant, ...Variant[]]> {
  const second = against === undefined ? undefined : await readAgainst(against);
  const base: Variant = {
    key: 'policy',
    name: policy === undefined ? 'as configured' : policyName(policy),
    quietHours: 0,
    hasSweep: true,
    policiesOf: (target) => target.policies,
  };
  return second === undefined ? [base] : [base, comparedWith(base, second)];
}

interface Against extends Pick<PolicyOption, 'name' | 'values'> {
  readonly quietHours: QuietHours;
}

/** A cadence is no value of a policy, and is given beside such values: `cadence=adaptive,threshold=0.8`. */
async function readAgainst(text: string): Promise<Against> {
  const parts = text.split(',');
  const cadences = parts.filter((part) => /^\s*cadence\s*=/.test(part));
  const [cadence] = cadences;
  if (cadence === undefined) return { ...(await readPolicyOption(text)), quietHours: 0 };
  if (cadences.length > 1) throw new UsageError(`--against ${text} gives cadence twice.`);
  const value = cadence.slice(cadence.indexOf('=') + 1).trim();
  if (value !== 'adaptive' && value !== 'schedule') {
    throw new UsageError(`--against: cadence is ${value === '' ? 'nothing' : value}; it is adaptive or schedule.`);
  }
  const others = parts.filter((part) => part !== cadence).join(',');
  const { values } = others === '' ? { values: {} } : await readPolicyOption(others);
  return { name: policyName(text), values, quietHours: value === 'adaptive' ? ADAPTIVE_HOURS : 0 };
}

function comparedWith(base: Variant, { name, values, quietHours }: Against): Variant {
  return {
    key: 'against',
    name,
    quietHours,
    hasSweep: quietHours > 0 || Object.keys(values).some((field) => field !== 'threshold'),
    policiesOf: (target) => overridden(base.policiesOf(target), values),
  };
}

/** The variants themselves come first, in their order; with a budget they are tried at every threshold. */
export function trialsOf(variants: readonly Variant[], budget: number | undefined): Trial[] {
  const sweep = budget === undefined ? [] : sweptThresholds();
  const climbing = variants.filter(({ hasSweep }) => hasSweep);
  const climbs = climbing.flatMap((variant) => sweep.map((threshold) => ({ variant, threshold })));
  return [...variants.map((variant) => ({ variant })), ...climbs];
}

export function policiesOf({ variant, threshold }: Trial, target: Target): ReplayedPolicies {
  const policies = overridden(variant.policiesOf(target), threshold === undefined ? undefined : { threshold });
  return { ...policies, quietHours: variant.quietHours };
}

/** The requested time in full hours. Throws `UsageError` where it holds none. */
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
 * Throws `UsageError` where a source no longer keeps samples that an inspection had then: without them other verdicts would be
 * reported than were.
 */
export function refuseForgotten({ targets, now }: Selection, period: Period, variants: readonly Variant[]): void {
  for (const target of targets) {
    const { scope, retentionMs, ingestionDelayMs } = target.source;
    const policies = variants.map((variant) => variant.policiesOf(target).common);
    const start = spanOf({ ...period, ingestionDelayMs, policies })?.window.start;
    if (retentionMs === undefined || start === undefined || start >= now - retentionMs) continue;
    const earliest = Math.ceil((period.from + (now - retentionMs - start)) / HOUR) * HOUR;
    throw new UsageError(
      `${scopeText(scope)} keeps samples as fine as these for ${retentionMs / DAY} days. With the lookback window before the ` +
        `first inspection it can be replayed from ${formatTime(earliest)} on: give a later --from, or fewer --days.`,
    );
  }
}
