/** Series of the sandbox as the blocks of a real Prometheus. */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Window } from '../../core/model/series.ts';
import type { Labels, StoredSeries } from './series.ts';

/**
 * Hours of a block, from a multiple of them on: the largest that promtool makes out of these powers of three. It reads its input once for
 * each block, so it gets the samples of one at a time.
 */
const BLOCK_HOURS = 2 * 3 ** 4;
const BLOCK = BLOCK_HOURS * 3_600_000;

/**
 * Writes the samples of a window into `data`.
 *
 * @param promtool The path of the program.
 */
export async function backfill(
  series: readonly StoredSeries[],
  window: Window,
  { promtool, data }: { readonly promtool: string; readonly data: string },
): Promise<void> {
  const metrics = [...Map.groupBy(series, ({ labels }) => labels['__name__'] ?? '')];
  for (let start = Math.floor(window.start / BLOCK) * BLOCK; start <= window.end; start += BLOCK) {
    const [from, to] = [Math.max(start, window.start), Math.min(start + BLOCK - 1, window.end)];
    const input = join(data, 'input.om');
    await pipeline(Readable.from(openMetrics(metrics, from, to)), createWriteStream(input));
    const command = ['tsdb', 'create-blocks-from', `--max-block-duration=${BLOCK_HOURS}h`, 'openmetrics', '--quiet'];
    await promisify(execFile)(promtool, [...command, input, data]);
    await rm(input);
  }
}

/** https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md: both ends of the window are included. */
function* openMetrics(
  metrics: readonly (readonly [string, readonly StoredSeries[]])[],
  from: number,
  to: number,
): Generator<string> {
  for (const [name, members] of metrics) {
    yield `# TYPE ${name} unknown\n`;
    for (const { labels, read } of members) {
      const { times, values } = read(from, to);
      const described = name + labelsText(labels);
      yield times.map((time, index) => `${described} ${values[index]} ${time / 1_000}\n`).join('');
    }
  }
  yield '# EOF\n';
}

function labelsText({ __name__: _, ...labels }: Labels): string {
  const texts = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return texts.length === 0 ? '' : `{${texts.join(',')}}`;
}
