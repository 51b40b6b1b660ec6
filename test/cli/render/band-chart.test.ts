import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { bandLegend, renderBandChart } from '../../../cli/render/band-chart.ts';
import { plain } from '../../../cli/render/text.ts';
import { anAnomalyView } from '../../fixtures/anomaly-view.ts';

const SMALL = { width: 32, rows: 5, paint: plain };

describe('renderBandChart', () => {
  it('draws the curve over its band, marks anomalous points and what lasts, and what is expected next', () => {
    const lines = renderBandChart(anAnomalyView(), SMALL);

    expect(lines).toMatchInlineSnapshot(`
      [
        "70 % ┤                ●●●●●┊",
        "60 % ┤               ⢠⠃    ┊",
        "50 % ┤░░░░░░░░░░░░░░░⢸░░░░░░░░░░",
        "40 % ┤⠔⠒⠒⠤⠤⠤⠒⠒⠢⠤⠤⠔⠒⠢⠤⠇░░░░░░░░░░",
        "30 % ┤░░░░░░░░░░░░░░░░░░░░░┊",
        "     └──────────────────────────",
        "                      ━━━━━",
        "                 11-20 12:25 UTC",
      ]
    `);
  });

  it('has no line for what lasts where nothing does', () => {
    const lasting = renderBandChart(anAnomalyView(), SMALL);
    const lines = renderBandChart(anAnomalyView({ episodes: [] }), SMALL);

    expect(lines).toHaveLength(lasting.length - 1);
  });

  it('labels what is counted by its number alone, and other units by theirs', () => {
    const counted = renderBandChart(anAnomalyView({ unit: '{error}', upper: null }), SMALL);
    const timed = renderBandChart(anAnomalyView({ unit: 'ms', upper: null }), SMALL);

    expect(counted[0]).toMatch(/^ *[\d.]+ ┤/);
    expect(timed[0]).toMatch(/^ *[\d.]+ ms ┤/);
  });

  it('is never wider than it may be, whatever the values are', () => {
    const value = fc.double({ noDefaultInfinity: true, noNaN: true });
    const row = fc.record({ value, low: value, high: value, is: fc.boolean() });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 30 }), fc.integer({ min: 40, max: 120 }), (rows, width) => {
        const view = anAnomalyView({ unit: 'ms', lower: null, upper: null });
        const samples = {
          times: rows.map((_, index) => (view.samples.times[0] ?? 0) + index * 300),
          values: rows.map(({ value }) => value),
          expected: rows.map(({ low }) => low),
          low: rows.map(({ low }) => low),
          high: rows.map(({ high }) => high),
          score: rows.map(() => 1),
          type: rows.map(() => null),
          is_anomaly: rows.map(({ is }) => is),
        };
        const lines = renderBandChart({ ...view, samples, forecast: null }, { ...SMALL, width });
        expect(lines.every((line) => stringWidth(line) <= width)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});

describe('bandLegend', () => {
  it('explains the signs that are there', () => {
    const view = anAnomalyView();

    expect(bandLegend(view)).toBe('░ expected of 98 of 100 healthy points, and next   ● anomalous   ━ lasts');
    expect(bandLegend({ forecast: null, episodes: [] })).toBe('░ expected of 98 of 100 healthy points   ● anomalous');
  });
});
