/** Brings the chunks of an hour together: what was stored twice is there once, and in order. */
import type { SampleSeries } from '../../core/model/sample.ts';
import { combineChunks, hourOf, type SampleChunk } from '../../core/model/sample-chunk.ts';

/** One chunk an hour, in order: chunks come in the order of hours. */
export async function* hourByHour(chunks: AsyncIterable<SampleChunk>): AsyncGenerator<SampleChunk> {
  let hour: number | undefined;
  let own: SampleChunk[] = [];
  for await (const chunk of chunks) {
    const begins = beginningOf(chunk.series);
    if (hour !== undefined && begins !== undefined && begins !== hour) {
      yield combineChunks(own);
      own = [];
    }
    own.push(chunk);
    hour = begins ?? hour;
  }
  if (own.length > 0) yield combineChunks(own);
}

/** Undefined of a chunk that names hosts alone: it is of whichever hour. */
function beginningOf([series]: readonly SampleSeries[]): number | undefined {
  const time = series?.times[0];
  return time === undefined ? undefined : hourOf(time);
}
