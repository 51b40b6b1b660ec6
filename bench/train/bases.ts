/**
 * Healthy hosts to grow leaks on: the recorded ones as they are, rescaled, or several added up to one, and a few plain
 * inventions (a flat line, office hours), so that the table also knows series that are cleaner than any recorded host.
 */
import { type BenchSeries, HOUR_S } from '../data.ts';
import { hostsOf } from '../halves.ts';
import { gaussian, pickFrom, type Random, within } from '../random.ts';

/** Seconds between samples; recorded hosts with a shorter step are averaged to it. */
export const STEP_S = 300;
const PER_HOUR = HOUR_S / STEP_S;
const PER_DAY = 24 * PER_HOUR;

/** Percent of capacity every STEP_S seconds, and whose they are. */
export interface Base {
  readonly hosts: readonly string[];
  readonly kind: string;
  readonly values: Float64Array;
}

/** A recorded host on the common step; NaN where samples are missing. */
export function recorded(series: BenchSeries): Base {
  const perStep = Math.max(1, Math.round(STEP_S / series.step));
  const values = Float64Array.from({ length: Math.floor(series.v.length / perStep) }, (_, index) => {
    const known = series.v.slice(index * perStep, (index + 1) * perStep).filter((value) => value !== null);
    return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length;
  });
  return { hosts: hostsOf(series), kind: 'recorded', values };
}

/** One base drawn from the recorded hosts of `pool`, `days` long at most. `name` names an invented one. */
export function drawBase(pool: readonly Base[], days: number, name: string, random: Random): Base {
  const kind = random();
  if (kind < 0.35) return cropped(pickFrom(random, pool), days, random);
  if (kind < 0.55) return rescaled(cropped(pickFrom(random, pool), days, random), random);
  if (kind < 0.8) return addedUp(pool, days, random);
  return kind < 0.9 ? flat(days, name, random) : officeHours(days, name, random);
}

function cropped({ hosts, kind, values }: Base, days: number, random: Random): Base {
  const length = Math.min(values.length, Math.round(days * PER_DAY));
  const start = Math.floor(random() * (values.length - length));
  return { hosts, kind, values: values.slice(start, start + length) };
}

/** The same movements at another level and size: a host with another amount of memory. */
function rescaled({ hosts, values }: Base, random: Random): Base {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  const middle = known[known.length >> 1] ?? 0;
  const level = within(random, 20, 65);
  const size = within(random, 0.2, 1.2);
  return { hosts, kind: 'rescaled', values: values.map((value) => level + (value - middle) * size) };
}

/** Several hosts as one: what a machine with as many workloads would show. */
function addedUp(pool: readonly Base[], days: number, random: Random): Base {
  const parts = Array.from({ length: 2 + Math.floor(random() * 6) }, () => {
    return rescaled(cropped(pickFrom(random, pool), days, random), random);
  });
  const length = Math.min(...parts.map(({ values }) => values.length));
  const values = Float64Array.from({ length }, (_, index) => {
    return parts.reduce((sum, part) => sum + (part.values[index] ?? 0), 0) / parts.length;
  });
  return { hosts: [...new Set(parts.flatMap(({ hosts }) => hosts))], kind: 'added up', values };
}

/** A level with noise from none to plenty; each sample keeps part of the one before. */
function flat(days: number, name: string, random: Random): Base {
  const level = within(random, 5, 80);
  const noise = random() < 0.3 ? 0 : 10 ** within(random, -2, 0.3);
  const memory = random() < 0.5 ? 0 : within(random, 0.5, 0.98);
  let deviation = 0;
  const values = Float64Array.from({ length: Math.round(days * PER_DAY) }, () => {
    deviation = memory * deviation + Math.sqrt(1 - memory * memory) * noise * gaussian(random);
    return level + deviation;
  });
  return { hosts: [`invented/${name}`], kind: 'flat', values };
}

/** Ramps up each morning and down each evening, with two days of rest in seven. */
function officeHours(days: number, name: string, random: Random): Base {
  const level = within(random, 10, 60);
  const height = within(random, 3, 25);
  const noise = 10 ** within(random, -2, 0);
  const firstDay = Math.floor(random() * 7);
  const opens = within(random, 6, 10);
  const closes = within(random, 16, 21);
  const ramp = within(random, 0.5, 4);
  const values = Float64Array.from({ length: Math.round(days * PER_DAY) }, (_, index) => {
    const rests = (Math.floor(index / PER_DAY) + firstDay) % 7 >= 5;
    const hour = (index % PER_DAY) / PER_HOUR;
    const open = Math.min(1, Math.max(0, Math.min((hour - opens) / ramp, (closes + ramp - hour) / ramp)));
    return level + (rests ? 0 : open * height) + noise * gaussian(random);
  });
  return { hosts: [`invented/${name}`], kind: 'office hours', values };
}
