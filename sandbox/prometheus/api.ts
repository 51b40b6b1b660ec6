/** The HTTP API over a storage: queries, and what series and labels there are. */
import { badData, PromError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { type Expression, metricOf } from './expression.ts';
import { limitOf, stepsOf, timeOf } from './parameters.ts';
import { parseExpression, parseSelector } from './parse.ts';
import { compareTexts, keyOf, type Labels, type Storage, type StoredSeries } from './series.ts';
import type { Row, Value } from './vector.ts';

/** What is answered as JSON. */
export interface ApiAnswer {
  readonly status: 'success';
  readonly data: unknown;
  readonly warnings?: readonly string[];
}

/** Seconds, and the number as a text. */
export type Point = readonly [number, string];
export interface QueriedSeries {
  readonly metric: Labels;
  readonly value?: Point;
  readonly values?: readonly Point[];
}

export interface ApiContext {
  readonly storage: Storage;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly maxSamples: number;
}

export interface ApiRequest {
  /** Below `/api/v1/`: `query_range`, `label/job/values`. */
  readonly path: string;
  readonly parameters: URLSearchParams;
  /** Whether it is a POST. */
  readonly isForm: boolean;
}

/** The metric that a query names first. */
export function metricOfRequest({ parameters }: ApiRequest): string | undefined {
  try {
    return metricOf(parseExpression(parameters.get('query') ?? parameters.get('match[]') ?? ''));
  } catch {
    return undefined;
  }
}

/** What takes forms. */
const FORMS = /^(?:query|query_range|series|labels)$/;

/** Throws `PromError`. */
export function answerApi(request: ApiRequest, context: ApiContext): ApiAnswer {
  const { path, parameters } = request;
  if (request.isForm && !FORMS.test(path)) throw new PromError(405, 'bad_data', 'Method Not Allowed');
  const values = /^label\/([^/]+)\/values$/.exec(path)?.[1];
  if (values !== undefined) return limited(labelValues(decodeURIComponent(values), parameters, context), parameters);
  switch (path) {
    case 'query':
      return { status: 'success', data: queryAt(parameters, context) };
    case 'query_range':
      return { status: 'success', data: queryRange(parameters, context) };
    case 'series':
      return limited(listSeries(parameters, context), parameters);
    case 'labels':
      return limited(labelNames(parameters, context), parameters);
    case 'status/buildinfo':
      return { status: 'success', data: BUILD };
    default:
      throw new PromError(404, 'not_found', `there is nothing at /api/v1/${path}`);
  }
}

const BUILD = { version: '2.42.0', revision: 'sandbox', branch: 'HEAD', buildUser: '', buildDate: '', goVersion: '' };

function queryAt(parameters: URLSearchParams, context: ApiContext): object {
  const time = timeOf(parameters, 'time', context.now);
  const expression = parseExpression(parameters.get('query') ?? '');
  if (expression.kind === 'selector' && expression.range !== undefined) {
    return { resultType: 'matrix', result: rawSamples({ ...expression, range: expression.range }, time, context) };
  }
  const value = evaluateAt(expression, [time], context);
  const at = (number: number): Point => [time / 1_000, numberText(number)];
  switch (value.type) {
    case 'scalar':
      return { resultType: 'scalar', result: at(value.values[0] ?? Number.NaN) };
    case 'text':
      return { resultType: 'string', result: [time / 1_000, value.text] };
    case 'vector':
      return {
        resultType: 'vector',
        result: sorted(value.rows).map(({ labels, values }) => ({
          metric: labels,
          value: at(values[0] ?? Number.NaN),
        })),
      };
  }
}

function rawSamples(
  { matchers, offset, range }: Extract<Expression, { kind: 'selector' }> & { range: number },
  time: number,
  { storage }: ApiContext,
): QueriedSeries[] {
  return storage.select(matchers).flatMap(({ labels, read }) => {
    const { times, values } = read(time - offset - range, time - offset);
    const points = times.map((each, index): Point => [each / 1_000, numberText(values[index] ?? Number.NaN)]);
    return points.length === 0 ? [] : [{ metric: labels, values: points }];
  });
}

function queryRange(parameters: URLSearchParams, context: ApiContext): object {
  const steps = stepsOf(parameters);
  const value = evaluateAt(parseExpression(parameters.get('query') ?? ''), steps, context);
  if (value.type === 'text')
    throw badData('invalid expression type "string" for range query, must be Scalar or instant Vector');
  const rows = value.type === 'vector' ? sorted(value.rows) : [scalarRow(value.values)];
  return {
    resultType: 'matrix',
    result: rows.map(({ labels, values, present }) => ({
      metric: labels,
      values: steps.flatMap((time, step): Point[] =>
        present[step] === 1 ? [[time / 1_000, numberText(values[step] ?? Number.NaN)]] : [],
      ),
    })),
  };
}

function evaluateAt(expression: Expression, times: readonly number[], { storage, maxSamples }: ApiContext): Value {
  return evaluate(expression, { times, storage, maxSamples });
}

function scalarRow(values: Float64Array): Row {
  return { labels: {}, values, present: new Uint8Array(values.length).fill(1) };
}

function sorted(rows: readonly Row[]): Row[] {
  return [...rows].sort((one, other) => compareTexts(keyOf(one.labels), keyOf(other.labels)));
}

/** Numbers are texts on the wire, so that these three can be said. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}

function listSeries(parameters: URLSearchParams, context: ApiContext): Labels[] {
  if (!parameters.has('match[]')) throw badData('no match[] parameter provided');
  return matched(parameters, context).map(({ labels }) => labels);
}

function labelNames(parameters: URLSearchParams, context: ApiContext): string[] {
  return distinct(matched(parameters, context).flatMap(({ labels }) => Object.keys(labels)));
}

function labelValues(name: string, parameters: URLSearchParams, context: ApiContext): string[] {
  return distinct(matched(parameters, context).flatMap(({ labels }) => labels[name] ?? []));
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)].sort();

/** Series with a sample between `start` and `end` that one of the selectors selects. Without a selector all of them. */
function matched(parameters: URLSearchParams, { storage, now }: ApiContext): StoredSeries[] {
  const start = timeOf(parameters, 'start', Number.NEGATIVE_INFINITY);
  const end = timeOf(parameters, 'end', now);
  const selectors = parameters.getAll('match[]').map(parseSelector);
  const found = selectors.length === 0 ? storage.all : selectors.flatMap(({ matchers }) => storage.select(matchers));
  return [...new Set(found)].filter(({ isWritten }) => isWritten(start, end));
}

/** As servers from 2.53 on do: what is above the limit is left out, with a warning. */
function limited(entries: readonly unknown[], parameters: URLSearchParams): ApiAnswer {
  const limit = limitOf(parameters);
  if (limit === undefined || entries.length <= limit) return { status: 'success', data: entries };
  return { status: 'success', data: entries.slice(0, limit), warnings: ['results truncated due to limit'] };
}
