/** What a simulation holds: hosts with labels, a series for each metric of each, and what goes wrong with which. Pure. */
import type { Window } from '../../core/model/series.ts';
import { type Injected, type Injection, injectionIn, type SeriesPlan, seriesSeed, valueAt } from './curves.ts';

export interface SimulationOptions {
  readonly hosts: number;
  /** Names of the catalogue, or of one's own. */
  readonly metrics: readonly string[];
  readonly stepMs: number;
  readonly window: Window;
  /** Series have them in turn. */
  readonly anomalies: readonly Injection[];
  readonly seed: number;
  readonly labels: readonly Label[];
}

/** `hostname` and `ip` differ by the host; any other label has the value that it was given. */
export interface Label {
  readonly name: string;
  readonly value: string | undefined;
}

interface SimulatedSeries extends SeriesPlan {
  readonly host: string;
  /** Of its rows, from the host on: a part of JSON. */
  readonly fields: string;
}

/** What is wrong with a series: what an inspection should find. */
export interface Truth extends Injected {
  readonly host: string;
  readonly metric: string;
}

export interface Simulation {
  readonly truths: readonly Truth[];
  /** NDJSON in pieces of some kilobytes, in order of time. */
  lines(): Generator<string>;
}

const DISK = 'system.filesystem.utilization';

/** Characters of a piece: enough for a write, and little for memory. */
const PIECE = 64 * 1024;

/** A row for each point. */
export function rowsOf({ hosts, metrics, ...span }: Omit<SimulationOptions, 'anomalies' | 'seed' | 'labels'>): number {
  return hosts * metrics.length * stepsOf(span);
}

function stepsOf({ window, stepMs }: Pick<SimulationOptions, 'window' | 'stepMs'>): number {
  return Math.max(0, Math.floor((window.end - window.start) / stepMs));
}

export function planSimulation(options: SimulationOptions): Simulation {
  const { window, stepMs } = options;
  const series = Array.from({ length: options.hosts }, (_, host) => seriesOf(options, host)).flat();
  const steps = stepsOf(options);
  return {
    truths: series.flatMap(({ host, metric, injected }) => (injected ? [{ host, metric, ...injected }] : [])),
    *lines() {
      let piece = '';
      for (let step = 0; step < steps; step++) {
        const time = window.start + step * stepMs;
        const begin = `{"time":"${new Date(time).toISOString()}",`;
        for (const each of series) {
          piece += `${begin}${each.fields}"value":${Number(valueAt(each, time).toPrecision(6))}}\n`;
        }
        if (piece.length < PIECE) continue;
        yield piece;
        piece = '';
      }
      if (piece !== '') yield piece;
    },
  };
}

function seriesOf(options: SimulationOptions, index: number): SimulatedSeries[] {
  const { metrics, stepMs, window, anomalies, seed, labels } = options;
  const host = `web-${index + 1}`;
  const stated = labels.map(({ name, value }) => [name, value ?? labelOf(name, host, index)]);
  return metrics.map((metric, at) => {
    const own = seriesSeed(seed, host, metric);
    const kind = anomalies[(index * metrics.length + at) % anomalies.length] ?? 'none';
    const part = metric === DISK ? [['mountpoint', '/']] : [];
    const fields = JSON.stringify(Object.fromEntries([['host', host], ...stated, ...part, ['metric', metric]]));
    return {
      host,
      metric,
      seed: own,
      stepMs,
      injected: injectionIn(kind, window, own, stepMs),
      fields: `${fields.slice(1, -1)},`,
    };
  });
}

function labelOf(name: string, host: string, index: number): string {
  return name === 'ip' ? `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${(index & 255) + 1}` : host;
}
