/** What `plimsoll policy tune` and `show` print for people. */
import type { Advice } from '../../core/backtest/tune.ts';
import { formatMinute, formatTime } from '../../core/messages/times.ts';
import { counted, formatShare } from '../../core/messages/units.ts';
import { evaluatorName } from '../../core/messages/who-decided.ts';
import { LEAK_METRIC } from '../../core/model/metrics.ts';
import { metricValues, type PolicyOverride } from '../../core/model/policy.ts';
import type { StoredTenant } from '../../core/model/tenant.ts';
import type { TunedOutcome, Tuning } from '../../core/model/tuning.ts';
import { type EvaluatorWeight, LEAST_LABELS } from '../../core/tenants/evaluator-weights.ts';
import { type TenantThreshold, tenantThreshold } from '../../core/tenants/tuned-policy.ts';
import { callerName } from '../caller-name.ts';
import { PLIMSOLL } from '../program.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, wrap } from '../render/text.ts';

export interface AdviceFacts {
  readonly stored: StoredTenant;
  readonly advice: Advice;
  readonly weights: readonly EvaluatorWeight[];
  /** Hosts, or parts of accounts, that could not be read. */
  readonly unread: number;
  /** What was stored; null where nothing was. */
  readonly tuning: Tuning | null;
  /** How commands find the deployment, for example ` --stage prod`. */
  readonly deployment: string;
}

export function renderAdvice(facts: AdviceFacts, days: number, table: TableOptions): string {
  const { stored, advice, weights, unread } = facts;
  const { figures } = advice;
  const { width = Number.POSITIVE_INFINITY, paint } = table;
  const replayed = `${counted(figures.healthy, 'labelled healthy host')} and ${counted(figures.leaks, 'labelled leak')}`;
  const rows = [figures.was, ...(advice.kind === 'better' ? [figures.is] : [])];
  const missing = `${counted(unread, 'read')} failed: what could not be read counts neither as a leak nor as healthy.`;
  return [
    wrap(`${thresholdText(stored)} Replayed: ${replayed} in ${counted(days, 'day')}.`, width),
    ...(figures.healthy + figures.leaks === 0 ? [] : [renderTable(rows, outcomeColumns(figures.leaks), table)]),
    ...(unread === 0 ? [] : [paint('warn', wrap(missing, width))]),
    wrap(conclusion(facts), width),
    ...weightLines(weights, table),
  ].join('\n\n');
}

function outcomeColumns(leaks: number): Column<TunedOutcome>[] {
  return [
    { title: 'threshold', text: ({ threshold }) => threshold.toFixed(2), align: 'right' },
    { title: 'false episodes', text: ({ falseEpisodes }) => String(falseEpisodes), align: 'right' },
    { title: 'leaks found', text: ({ leaksFound }) => `${leaksFound} of ${leaks}`, align: 'right' },
  ];
}

function conclusion({ advice, tuning, stored, deployment }: AdviceFacts): string {
  const { tenant } = stored.config;
  if (advice.kind === 'unchanged') return `Nothing is changed, because ${advice.why}.`;
  const to = `threshold ${advice.threshold.toFixed(2)}`;
  const tune = `${PLIMSOLL} policy tune --tenant ${tenant}${deployment}`;
  if (tuning === null)
    return `A ${to} is better: it loses no labelled leak. Nothing was stored; \`${tune} --apply\` stores it.`;
  return `Stored as version ${tuning.version} of tenant ${tenant}: ${to} (tuning ${tuning.id}). \`${tune} --undo\` gives back what was.`;
}

const ORIGINS: Readonly<Record<TenantThreshold['origin'], string>> = {
  tenant: 'of the tenant’s config',
  deployment: 'of the defaults of the deployment',
  default: 'the default',
};

function thresholdText(stored: StoredTenant): string {
  const { threshold, origin } = tenantThreshold(stored);
  return `Tenant ${stored.config.tenant}: threshold ${threshold.toFixed(2)}, ${ORIGINS[origin]}.`;
}

interface Standing {
  readonly weights: readonly EvaluatorWeight[];
  readonly labels: number;
  readonly tuned: Tuning | null;
}

export function renderStanding(
  stored: StoredTenant,
  { weights, labels, tuned }: Standing,
  table: TableOptions,
): string {
  const { width = Number.POSITIVE_INFINITY } = table;
  const last =
    tuned === null
      ? 'It was never tuned, or each tuning was undone.'
      : `Tuned from ${policyText(tuned.before)} to ${policyText(tuned.after)} at ${formatTime(tuned.at)} (${tuned.id}).`;
  const own = 'Accounts, groups and hosts may have their own: `plimsoll config effective` shows which holds.';
  return [
    wrap(`${thresholdText(stored)} ${last} ${own}`, width),
    wrap(`${counted(labels, 'label')}. ${weights.length === 0 ? NO_VOTES : ''}`.trim(), width),
    ...weightLines(weights, table),
  ].join('\n\n');
}

const NO_VOTES = 'No evaluator beside the curve voted on what is labelled: all have their entire weight.';

function weightLines(weights: readonly EvaluatorWeight[], table: TableOptions): string[] {
  if (weights.length === 0) return [];
  const { width = Number.POSITIVE_INFINITY, paint } = table;
  const rule = `An evaluator that is wrong more often than by chance on ${LEAST_LABELS} labels or more loses half of its weight, then all of it, and regains a quarter by as many labels on which it was right more often.`;
  return [
    [
      paint('strong', 'Weights of evaluators'),
      paint('dim', wrap(rule, width)),
      renderTable(weights, WEIGHTS, table),
    ].join('\n'),
  ];
}

const WEIGHTS: readonly Column<EvaluatorWeight>[] = [
  { title: 'evaluator', text: ({ evaluator }) => evaluatorName(evaluator), tone: () => 'strong' },
  {
    title: 'weight',
    text: ({ weight }) => formatShare(weight),
    align: 'right',
    tone: ({ weight }) => (weight < 1 ? 'warn' : undefined),
  },
  { title: 'right', text: ({ right }) => String(right), align: 'right' },
  { title: 'wrong', text: ({ wrong }) => String(wrong), align: 'right' },
  { title: 'since (UTC)', text: ({ changedAt }) => (changedAt === null ? '' : formatMinute(changedAt)) },
];

export function renderUndo({ undoes, after, version, tenant }: Tuning): string {
  return `Undone: the policy of tenant ${tenant} is as it was before the tuning ${undoes} (threshold ${policyText(after)}), as version ${version} of its config.`;
}

export function renderHistory(history: readonly Tuning[], table: TableOptions): string {
  if (history.length === 0) return 'Nothing was tuned.';
  return renderTable(history, HISTORY, table);
}

const HISTORY: readonly Column<Tuning>[] = [
  { title: 'id', text: ({ id }) => harmless(id), tone: () => 'strong' },
  { title: 'at (UTC)', text: ({ at }) => formatMinute(at) },
  { title: 'by', text: ({ by }) => callerName(by, 20), expendable: 1 },
  { title: 'version', text: ({ version }) => String(version), align: 'right', expendable: 2 },
  { title: 'was', text: ({ before }) => policyText(before), align: 'right' },
  { title: 'is', text: ({ after }) => policyText(after), align: 'right' },
  {
    title: 'false episodes',
    text: ({ figures }) => (figures ? `${figures.was.falseEpisodes} → ${figures.is.falseEpisodes}` : ''),
    align: 'right',
  },
  {
    title: 'leaks found',
    text: ({ figures }) => (figures ? `${figures.was.leaksFound} → ${figures.is.leaksFound} of ${figures.leaks}` : ''),
    align: 'right',
  },
  { title: 'why', text: ({ reason }) => harmless(reason), leastWidth: 20, overflow: 'wrap' },
];

/** The threshold that a tenant's own policy has. */
function policyText(policy: PolicyOverride | null): string {
  return (policy && metricValues(LEAK_METRIC, policy).threshold?.toFixed(2)) ?? 'none of its own';
}
