import { describe, expect, it } from 'vitest';
import { chartLegend, renderChart } from '../../../cli/render/chart.ts';
import { plain } from '../../../cli/render/text.ts';
import { aSeries, HOUR, NOON } from '../../fixtures/builders.ts';

const SMALL = { columns: 20, rows: 5, paint: plain };

/** Flat at 40 % for half of the window, then up to 60 %. */
const GROWING = Array.from({ length: 40 }, (_, index) => 0.4 + Math.max(0, index - 20) * 0.01);

describe('renderChart', () => {
  it('draws a curve between round labels, with times below', () => {
    const lines = renderChart(aSeries(GROWING), SMALL);

    expect(lines).toEqual([
      '60 % ┤                   ⡠',
      '55 % ┤                ⢀⠔⠊',
      '50 % ┤              ⡠⠔⠁',
      '45 % ┤           ⢀⠤⠊',
      '40 % ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠔⠁',
      '     └────────────────────',
      '           11-20 12:00 UTC',
    ]);
  });

  it('marks restarts through the plot and the onset below it', () => {
    const marks = { restarts: [NOON - 7 * HOUR], onset: { start: NOON - 5 * HOUR, end: NOON - 4 * HOUR } };
    const lines = renderChart(aSeries(GROWING), { ...SMALL, ...marks });

    expect(lines).toEqual([
      '60 % ┤      ┊            ⡠',
      '55 % ┤      ┊         ⢀⠔⠊',
      '50 % ┤      ┊       ⡠⠔⠁',
      '45 % ┤      ┊    ⢀⠤⠊',
      '40 % ┤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠔⠁',
      '     └────────────────────',
      '            ┊   ▲▲▲',
      '           11-20 12:00 UTC',
    ]);
  });

  it('marks what happened below the axis, the last of what stands in one column, and explains the marks', () => {
    const events = [
      { at: NOON - 5 * HOUR, sign: '?', message: 'suspected' },
      { at: NOON - 2 * HOUR, sign: '?', message: 'suspected' },
      { at: NOON - 2 * HOUR, sign: '!', message: 'opened' },
    ];
    const lines = renderChart(aSeries(GROWING), { ...SMALL, events });

    expect(lines.at(-2)).toBe('                ?     !');
    expect(chartLegend({ events })).toBe('? suspected   ! opened');
  });

  it('does not join samples over a gap', () => {
    const withGap = aSeries([0.2, 0.2, 0.2, 0.2, null, null, null, null, 0.6, 0.6, 0.6, 0.6]);
    const lines = renderChart(withGap, { ...SMALL, columns: 12 });

    expect(lines).toEqual([
      '60 % ┤        ⠤⠤⠤⠄',
      '50 % ┤',
      '40 % ┤',
      '30 % ┤',
      '20 % ┤⠤⠤⠤⠄',
      '     └────────────',
      '      11-20 12:00 UTC',
    ]);
  });

  it('labels bytes in their binary unit', () => {
    const bytes = aSeries(
      GROWING.map((share) => share * 8 * 1024 ** 3),
      { unit: 'By' },
    );
    const lines = renderChart(bytes, SMALL);

    expect(lines).toEqual([
      '5.0 GiB ┤',
      '4.5 GiB ┤                 ⡠⠔⠉',
      '4.0 GiB ┤             ⢀⡠⠔⠉',
      '3.5 GiB ┤          ⢀⡠⠒⠁',
      '3.0 GiB ┤⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁',
      '        └────────────────────',
      '              11-20 12:00 UTC',
    ]);
  });

  it('ends at 100 % whatever the samples are', () => {
    const broken = aSeries([0.9, 0.95, 1.7, 0.97]);
    const lines = renderChart(broken, SMALL);

    expect(lines).toEqual([
      '100.0 % ┤         ⡠⠢⢄⡀',
      ' 97.5 % ┤      ⢀⠤⠊   ⠈⠑⠢⠄',
      ' 95.0 % ┤    ⢀⠔⠁',
      ' 92.5 % ┤  ⡠⠊⠁',
      ' 90.0 % ┤⠔⠉',
      '        └────────────────────',
      '              11-20 12:00 UTC',
    ]);
  });

  it('draws an empty plot for a series without samples', () => {
    const lines = renderChart(aSeries([null, null]), { ...SMALL, columns: 12 });

    expect(lines).toEqual([
      '100 % ┤',
      ' 75 % ┤',
      ' 50 % ┤',
      ' 25 % ┤',
      '  0 % ┤',
      '      └────────────',
      '       11-20 12:00 UTC',
    ]);
  });

  it('draws what was not evaluated in a weaker tone', () => {
    const [, , , , bottom] = renderChart(aSeries([0.4, 0.4, 0.4, 0.4]), {
      columns: 4,
      rows: 5,
      evaluated: { start: NOON - HOUR / 2, end: NOON },
      paint: (tone, text) => (tone === 'accent' ? `<${text}>` : text),
    });

    expect(bottom).toBe('40 % ┤⠤⠤<⠤><⠄>');
  });
});

describe('the forecast of a chart', () => {
  it('is a band from the last sample on that widens until it reaches the limit, and stays there', () => {
    const series = aSeries([0.6, 0.6, 0.6]);
    const { start, end } = series.window;
    const window = { start, end: end + 10 * (end - start) };
    const earliest = end + 2 * (end - start);
    const forecast = { from: end, level: 0.6, limit: 1, earliest, latest: window.end };

    const lines = renderChart({ ...series, window }, { ...SMALL, forecast });

    expect(lines.slice(0, 5)).toEqual([
      '100 % ┤     ░░░░░░░░░░░░░░░',
      ' 90 % ┤    ░░░░░░░░░░░░░░',
      ' 80 % ┤   ░░░░░░░░░░',
      ' 70 % ┤  ░░░░░░░',
      ' 60 % ┤⠤⠄░░',
    ]);
    expect(chartLegend({ forecast })).toBe('░ expected');
  });
});

describe('the times below a chart', () => {
  it('are three where there is room', () => {
    const lines = renderChart(aSeries(GROWING), { ...SMALL, columns: 50 });

    expect(lines.at(-1)).toBe('      11-20 02:00        11-20 07:00     11-20 12:00 UTC');
  });

  it('are two where the middle one would touch another', () => {
    const lines = renderChart(aSeries(GROWING), { ...SMALL, columns: 36 });

    expect(lines.at(-1)).toBe('      11-20 02:00          11-20 12:00 UTC');
  });
});

describe('chartLegend', () => {
  it('explains the marks that are there', () => {
    const evaluated = { start: NOON - HOUR, end: NOON };

    expect(chartLegend({ evaluated, restarts: [NOON], onset: evaluated })).toBe(
      'bright: the evaluated segment   ▲ onset   ┊ restart',
    );
    expect(chartLegend({ onset: null })).toBe('');
  });
});
