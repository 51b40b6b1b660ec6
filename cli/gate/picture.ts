/** The curves of a job as an SVG file: for an artifact of a build, or a comment on a change. */
import type { JobVerdict, NameVerdict } from '../../core/detector/gate.ts';
import type { NameSeries } from '../../core/detector/gate-series.ts';
import { scaleFor } from '../render/scale.ts';
import { clip, wrap } from '../render/text.ts';
import type { JobRun } from './job.ts';
import { escaped } from './junit.ts';
import { formatSpan, headline, signed } from './text.ts';

const WIDTH = 960;
const HEIGHT = 420;
const PLOT = { left: 90, right: 940, top: 60, bottom: 330 } as const;
/** Characters that fit the picture at 15 px, bold. */
const TITLE = { characters: 108, top: 24, line: 20 } as const;
/** Two entries side by side. */
const LEGEND = { characters: 55, width: 430, line: 20 } as const;
const LABELS = 4;
/** Curves: the most suspicious first. */
const COLOURS = ['#c62828', '#1565c0', '#2e7d32', '#6a1b9a'] as const;
/** Two a pixel: a curve of hours is no larger than one of minutes. */
const MOST_POINTS = 1700;

export function jobPicture(run: JobRun, verdict: JobVerdict): string {
  const curves = verdict.names.slice(0, COLOURS.length).flatMap((name) => {
    const series = run.series.find((one) => one.name === name.name);
    return series === undefined ? [] : [{ name, series }];
  });
  const values = curves.flatMap(({ series }) => thinned(series).map(([, value]) => value));
  const scale = scaleFor(
    // A scale from zero shows how much of the memory grew.
    { unit: 'By', values: Float64Array.of(0, ...values) },
    LABELS,
  );
  const x = (ms: number) => PLOT.left + (ms / Math.max(1, run.durationMs)) * (PLOT.right - PLOT.left);
  const y = (bytes: number) =>
    PLOT.bottom - ((bytes - scale.low) / (scale.high - scale.low)) * (PLOT.bottom - PLOT.top);
  const title = escaped(headline(run, verdict));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="sans-serif" font-size="13">`,
    `<title>${title}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    ...titleLines(headline(run, verdict)),
    ...axes(scale, run.durationMs, y),
    ...curves.flatMap((curve, index) => drawn({ ...curve, index, x, y })),
    '</svg>',
    '',
  ].join('\n');
}

/** Two lines at most: names may be long. */
function titleLines(title: string): string[] {
  const lines = wrap(title, TITLE.characters).split('\n').slice(0, 2);
  return lines.map(
    (line, index) =>
      `<text x="20" y="${TITLE.top + index * TITLE.line}" font-size="15" font-weight="bold">${escaped(line)}</text>`,
  );
}

function axes(
  { low, high, label }: ReturnType<typeof scaleFor>,
  durationMs: number,
  y: (bytes: number) => number,
): string[] {
  const rows = Array.from({ length: LABELS + 1 }, (_, index) => low + ((high - low) * index) / LABELS);
  return [
    ...rows.flatMap((level) => [
      `<line x1="${PLOT.left}" x2="${PLOT.right}" y1="${round(y(level))}" y2="${round(y(level))}" stroke="#ddd"/>`,
      `<text x="${PLOT.left - 8}" y="${round(y(level) + 4)}" text-anchor="end" fill="#555">${escaped(label(level))}</text>`,
    ]),
    `<text x="${PLOT.left}" y="${PLOT.bottom + 20}" fill="#555">0</text>`,
    `<text x="${PLOT.right}" y="${PLOT.bottom + 20}" text-anchor="end" fill="#555">${formatSpan(durationMs)}</text>`,
  ];
}

interface Curve {
  readonly name: NameVerdict;
  readonly series: NameSeries;
  readonly index: number;
  readonly x: (ms: number) => number;
  readonly y: (bytes: number) => number;
}

/** The curve, its floor from end to end of what was evaluated, and its line in the legend. */
function drawn({ name, series, index, x, y }: Curve): string[] {
  const colour = COLOURS[index] ?? COLOURS[0];
  const points = thinned(series).map(([time, value]) => `${round(x(time))},${round(y(value))}`);
  const { growth } = name;
  const floor =
    growth &&
    `<line x1="${round(x(growth.from))}" y1="${round(y(growth.first))}" x2="${round(x(growth.to))}" y2="${round(y(growth.last))}" stroke="${colour}" stroke-dasharray="6 4"/>`;
  const rate = growth ? `, ${signed(growth.bytesPerMinute)} a minute` : '';
  const left = PLOT.left + (index % 2) * LEGEND.width;
  const top = PLOT.bottom + 38 + Math.floor(index / 2) * LEGEND.line;
  return [
    `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    ...(floor ? [floor] : []),
    `<rect x="${left}" y="${top}" width="12" height="12" fill="${colour}"/>`,
    `<text x="${left + 18}" y="${top + 11}">${escaped(clip(name.name, LEGEND.characters - rate.length) + rate)}</text>`,
  ];
}

function thinned({ times, values }: NameSeries): (readonly [time: number, value: number])[] {
  const step = Math.ceil(times.length / MOST_POINTS);
  return times.flatMap((time, index) => (index % step === 0 ? [[time, values[index] ?? 0] as const] : []));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
