/** Answers that are too large, made while they are read: nobody keeps them in memory here. */

import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import type { PrometheusFaultKind } from '../wire/faults.ts';

const POINTS = 10_000;
const SERIES = 1_000;
const EXPLODED_SERIES = 1_000_000;

/** Bytes that a small answer inflates to. */
const INFLATED = 2 ** 30;
const BLOCK = ' '.repeat(2 ** 20);

export interface Flood {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

/** Undefined for faults of another kind. */
export function floodOf(kind: PrometheusFaultKind, path: string, start: number): Flood | undefined {
  const headers = { 'content-type': 'application/json' };
  switch (kind) {
    case 'flood':
      return { headers, body: Readable.from(manyPoints(start)) };
    case 'label_explosion':
      return { headers, body: Readable.from(manySeries(path, start)) };
    case 'inflating':
      return { headers: { ...headers, 'content-encoding': 'gzip' }, body: Readable.from(blanks()).pipe(createGzip()) };
    default:
      return undefined;
  }
}

function* manyPoints(start: number): Generator<string> {
  yield '{"status":"success","data":{"resultType":"matrix","result":[';
  for (let series = 0; series < SERIES; series++) {
    const points = Array.from({ length: POINTS }, (_, index) => `[${start / 1_000 + index * 900},"0.5"]`);
    yield `${series === 0 ? '' : ','}{"metric":{"instance":"10.9.0.1:${series}"},"values":[${points.join(',')}]}`;
  }
  yield ']}}';
}

/** One label has another value in each series, as where a request's id became a label. */
function* manySeries(path: string, time: number): Generator<string> {
  const isList = path === 'series';
  yield isList ? '{"status":"success","data":[' : '{"status":"success","data":{"resultType":"vector","result":[';
  for (let series = 0; series < EXPLODED_SERIES; series++) {
    const metric = `{"instance":"10.9.0.1:9100","request":"${series}"}`;
    const entry = isList ? metric : `{"metric":${metric},"value":[${time / 1_000},"0.5"]}`;
    yield series === 0 ? entry : `,${entry}`;
  }
  yield isList ? ']}' : ']}}';
}

function* blanks(): Generator<string> {
  yield '{"status":"success",';
  for (let bytes = 0; bytes < INFLATED; bytes += BLOCK.length) yield BLOCK;
  yield '"data":[]}';
}
