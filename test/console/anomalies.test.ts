/** What the pages of anomalies draw and state. */
import { describe, expect, it } from 'vitest';
import type { AnomalyRow } from '../../api/contract/anomalies.ts';
import { anomalyField, groupAnomalies, hasPoints, scoreText } from '../../console/anomaly-rows.ts';
import {
  anomalyColumns,
  anomalyLevels,
  anomalyRange,
  anomalyReadout,
  describeAnomalies,
} from '../../console/chart/anomaly-model.ts';
import { anomalyPath } from '../../console/paths.ts';
import { anAnomalyView } from '../fixtures/anomaly-view.ts';
import { HOUR, MINUTE, NOON } from '../fixtures/builders.ts';

const utc = (epochMs: number) => new Date(epochMs).toISOString().slice(11, 16);
const VIEW = anAnomalyView();

describe('the columns of the chart', () => {
  it('have the points with their band, then what is expected next', () => {
    const { times, values, anomalies, low, next, nextHigh } = anomalyColumns(VIEW);

    expect(times).toHaveLength(24 + 6);
    expect(anomalies.filter((value) => value !== null)).toEqual(new Array(6).fill(0.7));
    expect([values.at(-1), low.at(-1), next.at(-1), nextHigh.at(-1)]).toEqual([null, null, 0.42, 0.47]);
    expect(next[23]).toBeNull();
  });

  it('break the line where points are missing', () => {
    const keep = (_: unknown, index: number) => index < 8 || index > 15;
    const samples = Object.fromEntries(
      Object.entries(VIEW.samples).map(([name, column]) => [name, column.filter(keep)]),
    ) as unknown as typeof VIEW.samples;

    const { values } = anomalyColumns({ ...VIEW, samples, forecast: null });

    expect(values.indexOf(null)).toBe(8);
  });

  it('span points and band, and of a band that would flatten the points a part', () => {
    const [low, high] = anomalyLevels(anomalyColumns(VIEW));
    const wide = { ...VIEW.samples, high: VIEW.samples.high.map(() => 100) };
    const [, highest] = anomalyLevels(anomalyColumns({ ...VIEW, samples: wide }));

    expect([low < 0.35, high > 0.7, highest < 2]).toEqual([true, true, true]);
    expect(anomalyLevels(anomalyColumns({ ...VIEW, samples: emptySamples(), forecast: null }))).toEqual([0, 1]);
  });
});

function emptySamples(): typeof VIEW.samples {
  return { times: [], values: [], expected: [], low: [], high: [], score: [], type: [], is_anomaly: [] };
}

describe('the range of the chart', () => {
  it('has the points, and of the forecast less than of them', () => {
    const long = { ...VIEW.forecast, times: [(NOON + 240 * HOUR) / 1000] };
    const range = anomalyRange({ ...VIEW, forecast: { expected: [1], low: [1], high: [1], ...long } });

    expect(range?.from).toBe(VIEW.samples.times[0]);
    expect(range?.to).toBeLessThan((NOON + HOUR) / 1000);
    expect(anomalyRange({ ...VIEW, samples: emptySamples() })).toBeUndefined();
  });
});

describe('the chart in words', () => {
  it('states the span, how many points are anomalous, and what lasts', () => {
    expect(describeAnomalies(VIEW, utc)).toBe(
      'CPU from 10:00 to 11:55, between 39.0 % and 70.0 %. 6 points are anomalous. ' +
        'It shifted up since 11:30, at 70.0 % where 40.0 % was expected.',
    );
    expect(describeAnomalies({ ...VIEW, samples: emptySamples() }, utc)).toBe('No point of CPU is there.');
  });

  it('states a moment with what was expected then', () => {
    const at = (minutes: number) => anomalyReadout(VIEW, (NOON + minutes * MINUTE) / 1000, utc);

    expect(at(-5)).toBe('11:55 · 70.0 % · expected 40.0 % (35.0 % to 45.0 %) · shifted up');
    expect(at(0)).toBe('12:00 · 42.0 % is expected (37.0 % to 47.0 %)');
    expect(at(-3)).toBe('11:57 · no point');
  });
});

const HOST = { ref: 'aws-web-2', version: null, ...VIEW.host };

function aRow(minutes: number, overrides: Partial<AnomalyRow> = {}): AnomalyRow {
  const time = new Date(NOON - minutes * MINUTE).toISOString();
  const { metric, part, unit } = VIEW;
  const figures = { value: 0.7, expected: 0.4, low: 0.35, high: 0.45, score: 0.999 };
  return { time, job: 'cpu', host: HOST, metric, part, unit, ...figures, type: 'shift_up', ...overrides };
}

describe('anomalous points as rows', () => {
  it('are one row while they are close together, of what most of them are', () => {
    const spike = aRow(10, { type: 'spike', score: 0.9999, value: 0.9 });

    const [first, second, ...others] = groupAnomalies([aRow(0), aRow(5), spike, aRow(200)]);

    expect(first).toMatchObject({ points: 3, type: 'shift_up', since: aRow(10).time, last: aRow(0).time });
    expect(first?.peak.value).toBe(0.9);
    expect(second).toMatchObject({ points: 1, last: aRow(200).time });
    expect(others).toEqual([]);
  });

  it('are rows of their own for each host, metric, part and job', () => {
    const others = [{ job: 'b' }, { metric: 'b' }, { part: 'b=c' }, { host: { ...HOST, ref: 'b' } }];

    const rows = groupAnomalies([aRow(0), ...others.map((one) => aRow(1, one))]);

    expect(rows).toHaveLength(5);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(5);
    expect(['host', 'metric', 'job', 'type'].map((field) => rows[0] && anomalyField(rows[0], field))).toEqual([
      'web-2',
      'system.cpu.utilization',
      'cpu',
      'shift_up',
    ]);
  });

  it('are left out with few points, other than of a disk that fills', () => {
    const rows = groupAnomalies([aRow(0), aRow(5), aRow(1, { part: 'mountpoint=/var', type: 'fills' })]);

    expect(rows.map((row) => [hasPoints(row, 5), hasPoints(row, 2)])).toEqual([
      [false, true],
      [true, true],
    ]);
  });

  it('have scores near 1 with the digits by which they differ', () => {
    expect([0.5, 0.991, 0.9987, 0.99999].map(scoreText)).toEqual(['0.50', '0.9910', '0.9987', '> 0.9999']);
  });
});

describe('the address of a metric', () => {
  it('keeps names with slashes apart', () => {
    expect(anomalyPath('acme', 'r', 'app/queue:length', { part: 'mountpoint=/var' })).toBe(
      '/t/acme/anomalies/r/app%2Fqueue%3Alength?part=mountpoint%3D%2Fvar',
    );
  });
});
