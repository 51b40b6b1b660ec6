/** Parameters of the HTTP API: https://prometheus.io/docs/prometheus/latest/querying/api/ */
import { badData } from './errors.ts';
import { durationOf } from './literals.ts';

/** Points that a series may have in one answer. */
const MAX_POINTS = 11_000;

/** Epoch milliseconds of a time in seconds, or as RFC 3339 has it; undefined where there is none and `fallback` neither. */
export function timeOf(parameters: URLSearchParams, name: string, fallback?: number): number {
  const text = parameters.get(name);
  if (text === null || text === '') {
    if (fallback !== undefined) return fallback;
    throw badData(`invalid parameter "${name}": cannot parse "" to a valid timestamp`);
  }
  const seconds = Number(text);
  const time = Number.isNaN(seconds) ? Date.parse(text) : Math.round(seconds * 1_000);
  if (!Number.isFinite(time)) throw badData(`invalid parameter "${name}": cannot parse "${text}" to a valid timestamp`);
  return time;
}

/** The times at which a range query is evaluated, in epoch milliseconds. */
export function stepsOf(parameters: URLSearchParams): number[] {
  const [start, end] = [timeOf(parameters, 'start'), timeOf(parameters, 'end')];
  if (end < start) throw badData('invalid parameter "end": end timestamp must not be before start time');
  const step = stepOf(parameters.get('step') ?? '');
  if ((end - start) / step > MAX_POINTS) {
    throw badData(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

function stepOf(text: string): number {
  const seconds = Number(text);
  const step = text === '' || Number.isNaN(seconds) ? durationOf(text) : Math.round(seconds * 1_000);
  if (step === undefined || !Number.isFinite(step)) {
    throw badData(`invalid parameter "step": cannot parse "${text}" to a valid duration`);
  }
  if (step <= 0) {
    throw badData(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  return step;
}

/** How many series or values an answer may have; undefined without a limit. */
export function limitOf(parameters: URLSearchParams): number | undefined {
  const text = parameters.get('limit');
  if (text === null || text === '' || text === '0') return undefined;
  if (!/^\d+$/.test(text)) throw badData(`invalid parameter "limit": cannot parse "${text}"`);
  return Number(text);
}
