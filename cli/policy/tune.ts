/** `plimsoll policy tune`: what labels suggest about a tenant's threshold, tried on the past of the labelled hosts, and stored on request. */
import { randomUUID } from 'node:crypto';
import { backtestHosts } from '../../core/backtest/hosts.ts';
import { type LabelledTime, labelledTimes, timesWithin } from '../../core/backtest/labelled.ts';
import {
  type Advice,
  adviseThreshold,
  type LabelledOutcome,
  outcomesOf,
  triedThresholds,
} from '../../core/backtest/tune.ts';
import { loggedChanges } from '../../core/incidents/logged-changes.ts';
import { createMeter } from '../../core/inspection/run-summary.ts';
import { LEAK_METRIC } from '../../core/model/metrics.ts';
import type { HostPolicies } from '../../core/model/policy.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { Tuning } from '../../core/model/tuning.ts';
import { evaluatorWeights } from '../../core/tenants/evaluator-weights.ts';
import { hostPolicies } from '../../core/tenants/host-policies.ts';
import { tenantThreshold, withThreshold } from '../../core/tenants/tuned-policy.ts';
import type { CommandContext } from '../context.ts';
import { deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openSelection, type SelectionContext } from '../source/selection.ts';
import type { Target } from '../source/targets.ts';
import { openConfigStore, openEventLog, openMarks } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant } from '../usage-error.ts';
import { storePolicy, type TuneOptions } from './tuning-history.ts';
import { renderAdvice } from './tuning-text.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Rules of one filter. */
const MOST_RULES = 1000;

/** Changes are read from so long before the replayed time: an incident that goes on in it may have begun before. */
const EARLIER_MS = 7 * DAY;

export async function tuneThreshold(options: TuneOptions, context: SelectionContext): Promise<ExitCode> {
  const { terminal, environment, now } = context;
  const stored = await openConfigStore(environment).get(options.tenant);
  if (stored === undefined) throw noTenant(options.tenant, deploymentArguments(options));
  const labels = await openMarks(environment).labels.list(options.tenant);
  const span = { from: fullHour(now - options.days * DAY), to: fullHour(now) };
  const logged = { from: span.from - EARLIER_MS, to: now };
  const changes = await loggedChanges(openEventLog(environment), options.tenant, logged, context.signal);
  const times = labelledTimes(labels, changes, span);
  const thresholds = triedThresholds(tenantThreshold(stored).threshold);
  const { outcomes, unread } = await replayed(stored, { times, thresholds, span }, options, context);
  const advice = adviseThreshold(thresholds, outcomes);
  const weights = evaluatorWeights(labels);
  const tuning = options.apply && advice.kind === 'better' ? await apply(stored, advice, options, context) : null;
  if (options.json) {
    const { tenant, days } = options;
    terminal.printJson(JSON.stringify({ tenant, days, ...advice, unread, weights, stored: tuning }, null, 2));
  } else {
    const facts = { stored, advice, weights, unread, tuning, deployment: deploymentArguments(options) };
    terminal.print(renderAdvice(facts, options.days, tableOptions(terminal)));
  }
  return unread === 0 ? EXIT.clean : EXIT.partial;
}

function fullHour(time: number): number {
  return Math.floor(time / HOUR) * HOUR;
}

interface Trials {
  readonly times: readonly LabelledTime[];
  readonly thresholds: readonly number[];
  readonly span: { readonly from: number; readonly to: number };
}

/** Reads the labelled hosts alone, and counts what could not be read: it is neither leak nor health. */
async function replayed(stored: StoredTenant, trials: Trials, options: TuneOptions, context: SelectionContext) {
  const outcomes: LabelledOutcome[] = [];
  let unread = 0;
  if (trials.times.length === 0) return { outcomes, unread };
  const { tenant, account, region } = options;
  const chosen = { tenant, ...(account !== undefined && { account }), ...(region !== undefined && { region }) };
  await using selection = await openSelection(chosen, context);
  for (const target of selection.targets) {
    const span = { ...trials.span, from: Math.max(trials.span.from, keptFrom(target, context.now)) };
    const times = timesWithin(trials.times, span);
    if (times.length === 0) continue;
    for await (const result of hostsOf(target, stored, { ...trials, times, span }, context.signal)) {
      context.signal.throwIfAborted();
      if (result.kind === 'replayed') outcomes.push(...outcomesOf(result, times));
      else if (result.kind === 'unreadable') unread++;
      context.terminal.progress(`replaying labelled hosts … ${outcomes.length}`);
    }
  }
  return { outcomes, unread };
}

/** The first inspection that had a complete lookback window of samples which the source still keeps. Epoch milliseconds. */
function keptFrom({ source: { retentionMs }, policies }: Target, now: number): number {
  if (retentionMs === undefined) return Number.NEGATIVE_INFINITY;
  return fullHour(now - retentionMs + policies.common.lookBackHours * HOUR) + HOUR;
}

function hostsOf(
  { source, metric, filters, tenant, policies }: Target,
  stored: StoredTenant,
  { times, thresholds, span }: Trials,
  signal: AbortSignal,
) {
  const only = { include: times.flatMap(({ rules }) => rules).slice(0, MOST_RULES) };
  const tried = thresholds.map((threshold) => policiesAt(threshold, stored, source.scope) ?? policies);
  return backtestHosts(
    {
      ...span,
      everyMs: HOUR,
      source,
      metric,
      filters: [...filters, only],
      tenant,
      policies: tried,
      meter: createMeter(),
    },
    signal,
  );
}

/** Those of the config with another threshold of the tenant: an account, a group or a host that has its own keeps it. */
function policiesAt(
  threshold: number,
  stored: StoredTenant,
  scope: Target['source']['scope'],
): HostPolicies | undefined {
  const config = withThreshold(stored.config, threshold);
  const account = config.accounts.find((one) => one.provider === scope.provider && one.account === scope.account);
  return account && hostPolicies({ stored: { ...stored, config }, account, metric: LEAK_METRIC });
}

async function apply(
  stored: StoredTenant,
  { threshold, figures }: Extract<Advice, { kind: 'better' }>,
  options: TuneOptions,
  context: CommandContext,
): Promise<Tuning> {
  const config = withThreshold(stored.config, threshold);
  const entry = {
    figures,
    undoes: null,
    reason: 'fewer false episodes of labelled healthy hosts, and no labelled leak lost',
  };
  return storePolicy(stored, config, { id: `t-${randomUUID().slice(0, 8)}`, ...entry }, options, context);
}
