import { describe, expect, it } from 'vitest';
import type { BacktestReport, ReportedHost, VariantReport } from '../../../cli/backtest/report.ts';
import { renderBacktest } from '../../../cli/backtest/text.ts';
import { plain } from '../../../cli/render/text.ts';
import { answerBudget } from '../../../core/backtest/alert-budget.ts';
import type { PolicyReplay } from '../../../core/backtest/backtest.ts';
import type { Episode } from '../../../core/backtest/episode.ts';
import { startTotals } from '../../../core/backtest/totals.ts';
import { effectivePolicy, uniformPolicy } from '../../../core/model/policy.ts';
import { anEvidence, aResource, HOUR, NOON } from '../../fixtures/builders.ts';

function anEpisode(overrides: Partial<Episode> = {}): Episode {
  return {
    suspectedAt: null,
    openedAt: NOON - 40 * HOUR,
    worse: [],
    endedAt: NOON - 30 * HOUR,
    severity: 'medium',
    evidence: anEvidence(),
    story: 1,
    cycle: 1,
    end: null,
    underWay: false,
    outcome: null,
    ...overrides,
  };
}

function aReplay(...episodes: Episode[]): PolicyReplay {
  return { policy: effectivePolicy(), inspections: 168, notDue: 0, insufficient: 8, episodes, fullEpisodes: [] };
}

const EXHAUSTED = anEpisode({
  worse: [{ at: NOON - 35 * HOUR, severity: 'critical' }],
  severity: 'critical',
  outcome: { kind: 'exhausted', at: NOON - 31 * HOUR },
});
const SUSPECTED = anEpisode({ suspectedAt: NOON - 9 * HOUR, openedAt: null, endedAt: null, severity: 'low' });

const HOSTS: readonly ReportedHost[] = [
  { resource: aResource({ id: 'i-suspect', group: 'db' }), replays: [aReplay(SUSPECTED)] },
  { resource: aResource({ id: 'i-full', name: 'web-7' }), replays: [aReplay(EXHAUSTED, anEpisode())] },
];

function aVariant(
  overrides: Partial<VariantReport> = {},
  replays = HOSTS.flatMap((host) => host.replays),
): VariantReport {
  const sums = startTotals(HOUR);
  for (const replay of [...replays, aReplay()]) sums.add(replay);
  return {
    variant: {
      key: 'policy',
      name: 'as configured',
      quietHours: 0,
      hasSweep: true,
      policiesOf: () => uniformPolicy(effectivePolicy()),
    },
    totals: sums.totals(),
    ...overrides,
  };
}

function aReport(overrides: Partial<BacktestReport> = {}): BacktestReport {
  return {
    period: { from: NOON - 168 * HOUR, to: NOON, everyMs: HOUR },
    budget: undefined,
    variants: [aVariant()],
    cadence: undefined,
    reported: HOSTS,
    full: [],
    missed: [],
    calls: { ListMetrics: 2, GetMetricData: 1 },
    metricsBilled: 3,
    usd: 0.00003,
    ...overrides,
  };
}

describe('renderBacktest', () => {
  it('lists the hosts, the figures, how it was read, and at the end how often it would have paged', () => {
    expect(renderBacktest(aReport(), { width: 100, paint: plain })).toMatchInlineSnapshot(`
      "Hosts of which something would have been reported
      severity  host       group  reported           first (UTC)  lasted  lead
      critical  web-7             2 opened, 1 worse  11-18 20:00    20 h  9 h, used up
      low       i-suspect  db     1 suspected        11-20 03:00     9 h

      What would have been reported
                                                as configured
      hosts reported                               2 (66.7 %)
      hosts that paged                             1 (33.3 %)
      episodes                                              3
        reported by the first verdict                       0
        per host-week                                    1.05
      pages                                                 3
        opened                                              2
        worse                                               1
        per 100 hosts and week                            105
          at most (95 % confidence)                       271
      recovered                                             2
      suspected                                             1
      cleared                                               0
      lasted (median)                                    10 h
      lead (median)                    9 h, 1 in time, 0 late
      inspections                                         504
        with insufficient data                     24 (4.8 %)

      Replayed every full hour of 2026-11-13 12:00 – 11-20 12:00 UTC. Rates are per host-week with a
      verdict, of which there were 2.86. A page is an opened, or a worse at critical; the lead is from the
      first page to used-up memory or a restart. Read with 2 ListMetrics, 1 GetMetricData; 3 metrics
      billed, about $0.00003.

      It would have paged 3 times (105 per 100 hosts and week), for 1 of 3 hosts."
    `);
  });

  it('keeps host, severity, time and lead on 80 columns, whatever else there is', () => {
    const name = 'ip-10-20-130-240.eu-west-1.compute.internal';
    const group = 'checkout-workers-blue';
    const resource = aResource({ id: 'i-0a1b2c3d4e5f60718', name, group, region: 'eu-central-1' });
    const late = { ...EXHAUSTED, outcome: { kind: 'restarted' as const, at: NOON - 32.5 * HOUR } };
    const reported = [...HOSTS, { resource, replays: [aReplay(late, SUSPECTED)] }];

    const lines = renderBacktest(aReport({ reported }), { width: 80, paint: plain }).split('\n');

    expect(lines[1]).toMatch(/^severity +host +reported +first \(UTC\) .*lead$/);
    expect(lines.join('\n')).toMatch(/^critical +ip-10\S+ .* 11-18 20:00 .*7 h 30 min/m);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('sets two policies side by side', () => {
    const { variant } = aVariant();
    const against = aVariant({ variant: { ...variant, key: 'against', name: 'threshold=0.8' } }, []);
    const reported = HOSTS.map((host) => ({ ...host, replays: [...host.replays, aReplay()] }));

    const text = renderBacktest(aReport({ variants: [aVariant(), against], reported }), { width: 120, paint: plain });

    expect(text).toMatch(/as configured +threshold=0\.8\n/);
    expect(text).toMatch(/host +group +as configured +first \(UTC\)/);
    expect(text).toMatch(/pages +3 +0\n/);
  });

  it('answers a budget, and warns that pages do not always fall', () => {
    const { totals } = aVariant();
    const steps = [12, 30, 5, 0].map((pages, index) => ({
      threshold: 0.6 + index / 100,
      totals: { ...totals, pages, pagesPer100HostWeeks: pages },
    }));
    const sweep = { steps, answer: answerBudget(steps, 6) };

    const text = renderBacktest(aReport({ budget: 6, variants: [aVariant({ sweep })] }), { width: 120, paint: plain });

    expect(text).toContain('Thresholds of as configured, for at most 6 pages per 100 hosts and week');
    expect(text).toMatch(/▸ +0\.62 +5 +5\.00/);
    expect(text).not.toMatch(/^ +0\.63 /m);
    expect(text).toContain('0.62 is the least threshold that keeps the budget, as do all above it.');
    expect(text.replaceAll('\n', ' ')).toContain('it paged more at 0.61.');
  });

  it('states that no threshold keeps a budget', () => {
    const { totals } = aVariant();
    const steps = [{ threshold: 0.95, totals: { ...totals, pagesPer100HostWeeks: 3 } }];
    const sweep = { steps, answer: answerBudget(steps, 1) };

    const text = renderBacktest(aReport({ budget: 1, variants: [aVariant({ sweep })] }), { paint: plain });

    expect(text).toContain('No threshold keeps the budget of 1 page per 100 hosts and week.');
  });

  it('states that there was nothing to replay, or nothing that could be evaluated', () => {
    const nothing = aVariant({ totals: startTotals(HOUR).totals() });
    const unevaluated = aVariant({ totals: { ...nothing.totals, hosts: { replayed: 2, reported: 0, paged: 0 } } });
    const lastLine = (variant: VariantReport) =>
      renderBacktest(aReport({ variants: [variant], reported: [] }), { paint: plain })
        .split('\n')
        .at(-1);

    expect(lastLine(nothing)).toBe('There was no host to replay.');
    expect(lastLine(unevaluated)).toBe('No inspection had enough data for a verdict.');
  });
});
