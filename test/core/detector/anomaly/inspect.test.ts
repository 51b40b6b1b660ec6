import { describe, expect, it } from 'vitest';
import { forecastOf, inspectPoints } from '../../../../core/detector/anomaly/inspect.ts';
import { type PointSettings, settingsOf } from '../../../../core/detector/anomaly/settings.ts';
import { anomalyJobSchema } from '../../../../core/model/anomaly-job.ts';
import { pointMetric } from '../../../../core/model/point-metrics.ts';
import type { PointSeries } from '../../../../core/model/points.ts';
import { CPU, DAY_MS, daily, FREE, MINUTES_5 } from './made-points.ts';

const WEEK = 2016;

function seriesOf(values: Float64Array, times: Float64Array): PointSeries {
  return {
    kind: 'points',
    resource: { provider: 'local', account: 'a', region: null, id: 'host' },
    metric: 'system.cpu.utilization',
    part: {},
    unit: '1',
    window: { start: 0, end: values.length * MINUTES_5 },
    periodMs: MINUTES_5,
    times,
    values,
  };
}

function inspected(change: (value: number, i: number) => number, settings: PointSettings = CPU) {
  const { times, values } = daily(WEEK + 288, 5);
  const answer = inspectPoints(seriesOf(values.map(change), times), WEEK * MINUTES_5, settings);
  if (answer.kind === 'insufficient') throw new Error('the reference is too short');
  return answer;
}

describe('inspecting points', () => {
  it('a healthy day has no episode', () => {
    const { episodes, scored } = inspected((value) => value);

    expect(episodes).toEqual([]);
    expect(scored).toHaveLength(288);
  });

  it('an hour that is far above what is expected is a spike', () => {
    const { episodes } = inspected((value, i) => (i >= WEEK + 100 && i < WEEK + 110 ? value + 0.3 : value));

    expect(episodes).toMatchObject([{ type: 'spike', start: (WEEK + 100) * MINUTES_5, goesOn: false }]);
  });

  it('one point is no episode, however far away', () => {
    const { episodes, scored } = inspected((value, i) => (i === WEEK + 100 ? 1 : value));

    expect(episodes).toEqual([]);
    expect(scored[100]).toMatchObject({ isAnomaly: true, type: 'spike' });
  });

  it('what is less than the least effect of its metric is no episode, and its points are anomalies', () => {
    const idle = { ...CPU, upper: null, cycleMs: null, leastEffect: 1 };
    const task = (size: number) => (value: number, i: number) =>
      value / 100 + (i >= WEEK + 100 && i < WEEK + 110 ? size : 0);

    const { episodes, scored } = inspected(task(0.3), idle);

    expect(episodes).toEqual([]);
    expect(scored.filter(({ isAnomaly }) => isAnomaly).length).toBeGreaterThanOrEqual(10);
    expect(inspected(task(2), idle).episodes).toMatchObject([{ type: 'spike' }]);
  });

  it('a level that stays is a shift, and goes on', () => {
    const { episodes } = inspected((value, i) => (i >= WEEK + 200 ? value + 0.25 : value));

    expect(episodes).toMatchObject([{ type: 'shift_up', goesOn: true }]);
  });

  it('a level that was left within hours is a spike, not a shift', () => {
    const { episodes } = inspected((value, i) => (i >= WEEK + 100 && i < WEEK + 124 ? value + 0.3 : value));

    expect(episodes).toMatchObject([{ type: 'spike', goesOn: false }]);
  });

  it('a value that is repeated for hours is a flat line', () => {
    const { episodes } = inspected((value, i) => (i >= WEEK + 144 ? 0.4 : value));

    expect(episodes.map(({ type }) => type)).toContain('flat_line');
  });

  it('a day without its curve is a broken season', () => {
    const season = (i: number) => 0.2 * Math.sin((2 * Math.PI * i) / 288);
    const noisy = daily(WEEK + 288, 5, 0.06).values;
    const { episodes } = inspected((_, i) => (noisy[i] ?? 0) - (i >= WEEK ? season(i) : 0), FREE);

    expect(episodes.map(({ type }) => type)).toContain('season_broken');
  });

  it('values beyond a limit of the metric cross it, whatever was expected', () => {
    const { episodes, scored } = inspected((value, i) => (i >= WEEK + 200 ? 1.2 : value));

    expect(scored[200]).toMatchObject({ score: 1, type: 'limit_crossed' });
    expect(episodes).toMatchObject([{ type: 'limit_crossed', start: (WEEK + 200) * MINUTES_5 }]);
  });

  it('a level that has lasted for twelve hours is what is expected', () => {
    const { episodes, scored } = inspected((value, i) => (i >= WEEK + 20 ? value + 0.25 : value));

    expect(episodes).toMatchObject([{ type: 'shift_up', goesOn: false }]);
    expect(scored.at(-1)?.isAnomaly).toBe(false);
  });

  it('a constant series has no anomaly, and one that leaves its constant has', () => {
    const still = inspected(() => 0.5);
    const left = inspected((_, i) => (i >= WEEK + 200 ? 0.6 : 0.5));

    expect(still.episodes).toEqual([]);
    expect(left.episodes).toMatchObject([{ start: (WEEK + 200) * MINUTES_5 }]);
  });

  it('the forecast is of the next cycle, and repeats it', () => {
    const { forecast, state } = inspected((value) => value);

    expect(forecast).toEqual(forecastOf(state, CPU));
    expect(forecast).toHaveLength(288);
    const noon = forecast.find(({ time }) => time % DAY_MS === DAY_MS / 4);
    expect(noon?.expected).toBeGreaterThan(0.55);
    expect(noon?.expected).toBeLessThan(0.65);
  });

  it('a reference of few points is insufficient, and states how many are needed', () => {
    const { times, values } = daily(20, 1);

    const answer = inspectPoints(seriesOf(values, times), 10 * MINUTES_5, CPU);

    expect(answer).toEqual({ kind: 'insufficient', reason: 'too_few_points', points: 10, needed: 30 });
  });

  it('settings are those of the job and of its metric', () => {
    const job = anomalyJobSchema.parse({ name: 'disks', metrics: ['system.filesystem.utilization'], cycle: 'week' });
    const metric = pointMetric('system.filesystem.utilization');
    if (metric === undefined) throw new Error('the metric is not in the catalogue');

    expect(settingsOf(job, metric)).toEqual({ ...CPU, cycleMs: 7 * DAY_MS, fills: true });
    expect(settingsOf(job, { ...metric, leastEffect: 3 })).toMatchObject({ leastEffect: 3 });
  });
});
