/** A real Prometheus on loopback, over backfilled blocks: what the sandbox and the adapter are held against. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Window } from '../../core/model/series.ts';
import { backfill } from './backfill.ts';
import type { StoredSeries } from './series.ts';

export interface RunningPrometheus extends AsyncDisposable {
  /** http://127.0.0.1:PORT */
  readonly url: string;
}

/** The programs of Debian's package `prometheus`, by their paths. */
export interface Programs {
  readonly server: string;
  readonly promtool: string;
}

/** Starts one that scrapes nothing and holds these samples. */
export async function startPrometheus(
  { server, promtool }: Programs,
  series: readonly StoredSeries[],
  window: Window,
  flags: readonly string[] = [],
): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-prometheus-'));
  await writeFile(join(folder, 'prometheus.yml'), '{}\n');
  await backfill(series, window, { promtool, data: folder });
  const port = await freePort();
  const running = spawn(
    server,
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${folder}`,
      '--storage.tsdb.retention.time=100y',
      // What was backfilled is left as it is: compaction would take longer than a test.
      '--storage.tsdb.min-block-duration=2h',
      '--storage.tsdb.max-block-duration=2h',
      `--web.listen-address=127.0.0.1:${port}`,
      ...flags,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const lines: string[] = [];
  for await (const line of createInterface({ input: running.stderr })) {
    lines.push(line);
    if (line.includes('Server is ready')) break;
  }
  if (running.exitCode !== null) throw new Error(`Prometheus did not start:\n${lines.join('\n')}`);
  running.stderr.resume();
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const exited = once(running, 'exit');
      running.kill('SIGTERM');
      await exited;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  return address.port;
}
