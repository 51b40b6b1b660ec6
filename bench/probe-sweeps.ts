/** Steps the probe through sweeps at full speed, and prints what it measured of its own process: `bench/probe.ts` bundles and starts it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createExchange } from '../probe/exchange.ts';
import { readHostMemory } from '../probe/host-memory.ts';
import { openJournal } from '../probe/journal.ts';
import { parseStatus } from '../probe/linux.ts';
import { createNotices } from '../probe/notices.ts';
import { hostAttributes, metricsRequestOf } from '../probe/otlp.ts';
import { followProcesses } from '../probe/process-tree.ts';
import { readProcesses } from '../probe/processes.ts';
import { createRecorder } from '../probe/recorder.ts';
import { createSelectionClient } from '../probe/selection-client.ts';
import { createSender } from '../probe/sender.ts';

const MINUTE_MS = 60_000;
const MEASURED_EACH = 10;

export interface Measured {
  /** Sweeps done, and the bytes that are resident then. */
  readonly points: readonly (readonly [sweep: number, resident: number])[];
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly processes: number;
  readonly troubles: number;
}

const [sweepsText = '', url = '', folder = ''] = process.argv.slice(2);
console.log(JSON.stringify(await measure(Number(sweepsText))));

async function measure(most: number): Promise<Measured> {
  let [clock, sweeps, processes, troubles] = [0, 0, 0, 0];
  const exchange = createExchange({ url, token: () => 'plt_bench', userAgent: 'bench' });
  const host = { id: 'bench', name: 'bench', os: 'linux', labels: {} };
  const notices = createNotices(
    () => {
      troubles += 1;
    },
    () => clock,
  );
  const nothing = () => undefined;
  const events = { notWritten: nothing, notRead: nothing, written: nothing, dropped: nothing, damaged: nothing };
  const journal = openJournal({ folder: join(folder, 'state'), mostBytes: 64 * 1024 * 1024, events });
  const post = (part: Parameters<typeof metricsRequestOf>[1]) =>
    exchange.postMetrics(JSON.stringify(metricsRequestOf(host, part)));
  const recorder = createRecorder({
    async readProcesses() {
      const all = await readProcesses();
      sweeps += 1;
      processes = Math.max(processes, all.length);
      return all;
    },
    readHost: readHostMemory,
    chosen: [followProcesses({ pid: process.pid })],
    allow: ['*'],
    journal,
    sender: createSender({ journal, post, notices, random: () => 0.5, now: () => clock }),
    selections: createSelectionClient({
      get: (etag) => exchange.getSelections(hostAttributes(host), etag),
      folder,
      notices,
      random: () => 0,
      elapsed: () => clock,
    }),
    notices,
    everyMs: MINUTE_MS,
    sendEveryMs: 5 * MINUTE_MS,
    elapsed: () => clock,
    now: () => Date.UTC(2026, 0, 1) + clock,
    firstSendMs: 1,
  });
  const points: [number, number][] = [];
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  while (sweeps < most) {
    const before = sweeps;
    clock += Math.max(1, await recorder.step());
    await recorder.idle();
    if (sweeps > before && sweeps % MEASURED_EACH === 0) points.push([sweeps, ownResident()]);
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    points,
    seconds: (performance.now() - began) / 1000,
    cpuSeconds: (user + system) / 1e6,
    processes,
    troubles,
  };
}

function ownResident(): number {
  return parseStatus(readFileSync('/proc/self/status', 'latin1'))?.resident ?? Number.NaN;
}
