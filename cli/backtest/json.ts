/**
 * What `backtest --json` prints: one object a line (NDJSON). A line of kind `host` for every host, then one of kind
 * `summary` per policy, with a budget one of kind `budget` per policy, and with an adaptive cadence one of kind `cadence`. Times are
 * ISO 8601 in UTC, durations hours.
 */
import type { SweepStep } from '../../core/backtest/alert-budget.ts';
import type { PolicyReplay } from '../../core/backtest/backtest.ts';
import type { CadenceComparison, Kept } from '../../core/backtest/compare-cadence.ts';
import { type Episode, leadOf } from '../../core/backtest/episode.ts';
import type { FullEpisode } from '../../core/backtest/full-episode.ts';
import type { Backtested } from '../../core/backtest/hosts.ts';
import type { Totals } from '../../core/backtest/totals.ts';
import { encoded, isoText } from '../../core/model/notation.ts';
import { evidenceJson, fullHostCodec } from '../findings/json.ts';
import type { Variant } from './plan.ts';
import type { BacktestReport, VariantReport } from './report.ts';

const HOUR = 3_600_000;

/** The line of one host, without a line break. */
export function backtestedJson(tenant: string, result: Backtested, variants: readonly Variant[]): string {
  switch (result.kind) {
    case 'replayed': {
      const { resource: host, metric, unit } = result.series;
      const replays = result.replays
        .slice(0, variants.length)
        .map((replay, index) => replayJson(replay, variants[index]?.key));
      return JSON.stringify({ kind: 'host', tenant, host, state: 'replayed', metric, unit, replays });
    }
    case 'not_monitored': {
      const { resource: host, reason, hint: detail } = result;
      return JSON.stringify({ kind: 'host', tenant, host, state: 'not_monitored', reason, detail, replays: [] });
    }
    case 'unreadable': {
      const { scope: host, reason, detail } = result;
      return JSON.stringify({ kind: 'host', tenant, host, state: 'unreadable', reason, detail, replays: [] });
    }
  }
}

function replayJson({ episodes, fullEpisodes, ...replay }: PolicyReplay, config?: Variant['key']) {
  return {
    config,
    ...replay,
    episodes: episodes.map(episodeJson),
    fullEpisodes: fullEpisodes.map(fullEpisodeJson),
  };
}

function fullEpisodeJson({ openedAt, worse, endedAt, severity, full, underWay }: FullEpisode): object {
  return {
    openedAt: isoText(openedAt),
    worse: worse.map((one) => ({ at: isoText(one.at), severity: one.severity })),
    endedAt: endedAt === null ? null : isoText(endedAt),
    severity,
    underWay,
    full: encoded(fullHostCodec, full),
  };
}

function episodeJson(episode: Episode): object {
  const { story, cycle, suspectedAt, openedAt, worse, endedAt, end, severity, underWay, outcome, evidence } = episode;
  return {
    story,
    cycle,
    suspectedAt: suspectedAt === null ? null : isoText(suspectedAt),
    openedAt: openedAt === null ? null : isoText(openedAt),
    worse: worse.map((one) => ({ at: isoText(one.at), severity: one.severity })),
    endedAt: endedAt === null ? null : isoText(endedAt),
    end: end?.how ?? null,
    severity,
    underWay,
    outcome: outcome && { kind: outcome.kind, at: isoText(outcome.at) },
    leadHours: hours(leadOf(episode)),
    evidence: evidenceJson(evidence),
  };
}

/** The lines after the last host. */
export function reportJson(report: BacktestReport): string {
  const { variants, period, budget, cadence, calls, metricsBilled, usd } = report;
  const from = isoText(period.from);
  const to = isoText(period.to);
  const read = { calls, metricsBilled, usd };
  const summaries: object[] = variants.flatMap(({ variant, totals, sweep }) => [
    { kind: 'summary', config: variant.key, name: variant.name, from, to, ...totalsJson(totals), read },
    ...(sweep && budget !== undefined ? [budgetJson(variant, sweep, budget)] : []),
  ]);
  const lines = cadence === undefined ? summaries : [...summaries, cadenceJson(cadence)];
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

function cadenceJson({ inspections, findings, pages, ends }: CadenceComparison): object {
  return { kind: 'cadence', inspections, findings: keptJson(findings), pages: keptJson(pages), ends };
}

function keptJson({ delay, ...counts }: Kept): object {
  const { median, mean, greatest } = delay ?? { median: null, mean: null, greatest: null };
  return { ...counts, laterHours: { median: hours(median), mean: hours(mean), greatest: hours(greatest) } };
}

function budgetJson(variant: Variant, { steps, answer }: NonNullable<VariantReport['sweep']>, budget: number): object {
  return { kind: 'budget', config: variant.key, pagesPer100HostWeeks: budget, ...answer, sweep: steps.map(stepJson) };
}

function stepJson({ threshold, totals }: SweepStep): object {
  return { threshold, ...totalsJson(totals) };
}

function totalsJson({ medianDuration, leads, ...totals }: Totals): object {
  return {
    ...totals,
    medianDurationHours: hours(medianDuration),
    leads: { inTime: leads.inTime, late: leads.late, medianHours: hours(leads.medianMs) },
  };
}

function hours(ms: number | null): number | null {
  return ms === null ? null : ms / HOUR;
}
