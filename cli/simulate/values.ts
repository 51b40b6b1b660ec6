/** Values of the options of a simulation. What does not fit throws commander's own error. */
import { InvalidArgumentError } from 'commander';
import { namedMetric } from '../../adapters/trace-file/points/names.ts';
import { INJECTIONS, type Injection } from './curves.ts';
import type { Label } from './plan.ts';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const MOST_STEP_MS = UNITS['h'] ?? 0;

/** `1s` to `1h` in milliseconds. */
export function parseStep(text: string): number {
  const [, count, unit = ''] = /^(\d{1,4})(s|m|h)$/.exec(text) ?? [];
  const step = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (step >= 1000 && step <= MOST_STEP_MS) return step;
  throw new InvalidArgumentError('Give a duration from 1s to 1h, for example 1s or 5m.');
}

/** A year. */
const MOST_HOURS = 366 * 24;

export function parseHours(text: string): number {
  const hours = Number(text);
  if (text.trim() !== '' && hours > 0 && hours <= MOST_HOURS) return hours;
  throw new InvalidArgumentError(`Give a number of hours, up to ${MOST_HOURS}.`);
}

const MOST_HOSTS = 10_000;

export function parseHosts(text: string): number {
  const hosts = Number(text);
  if (/^\d+$/.test(text) && hosts >= 1 && hosts <= MOST_HOSTS) return hosts;
  throw new InvalidArgumentError(`Give a number of hosts from 1 to ${MOST_HOSTS.toLocaleString('en')}.`);
}

const MOST_METRICS = 20;
const METRIC = /^[A-Za-z_][\w.:/-]{0,127}$/;

/** Names, of the catalogue also by their short ones: `cpu_util,queue_length`. */
export function parseMetrics(text: string): readonly string[] {
  const names = [...new Set(text.split(',').map((name) => namedMetric(name.trim()).name))];
  if (names.length <= MOST_METRICS && names.every((name) => METRIC.test(name))) return names;
  throw new InvalidArgumentError(`Give up to ${MOST_METRICS} names of metrics with commas between them.`);
}

export function parseInjections(text: string): readonly Injection[] {
  const kinds = text.split(',').map((kind) => INJECTIONS.find((known) => known === kind.trim()));
  if (kinds.every((kind) => kind !== undefined)) return kinds;
  throw new InvalidArgumentError(`Give some of ${INJECTIONS.join(', ')} with commas between them.`);
}

const MADE = ['hostname', 'ip'];
/** Fields of a row that are no labels. */
const TAKEN = ['time', 'host', 'metric', 'value', 'unit', 'labels', 'mountpoint'];

/** `hostname,ip,site=eu`: names of labels, of which those that are not made here have a value. */
export function parseLabels(text: string): readonly Label[] {
  return text.split(',').map((each) => {
    const [name = '', value] = each.trim().split(/=(.*)/s);
    const isKnown = value === undefined ? MADE.includes(name) : value !== '';
    if (isKnown && /^[A-Za-z_][\w.-]{0,63}$/.test(name) && !TAKEN.includes(name)) return { name, value };
    throw new InvalidArgumentError('Give hostname, ip, or NAME=VALUE, with commas between them.');
  });
}

export function parseSeed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give an integer, for example 7.');
}
