/**
 * The memory of the probe itself over a week of sweeps, one a minute, at full speed: `npm run bench:probe` writes bench/results/probe.md.
 * It reads the real /proc, writes to a real folder and sends to a receiver of another process; only the clock is stepped. It is bundled and
 * started as its unit does. The slope is of a line through its resident memory, after the first tenth, with an interval of 95 % whose
 * residuals may be correlated.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { NODE_FLAGS } from '../probe/small-heap.ts';
import { PROJECT } from './bundle.ts';
import { figure, markdownTable } from './markdown.ts';
import type { Measured } from './probe-sweeps.ts';

/** A week of one a minute. */
const SWEEPS = 10_080;
const MIB = 1024 * 1024;
/** Sweeps a day, of one a minute. */
const A_DAY = 1440;

/** Takes everything, and selects every process of node: in a process of its own, whose memory is not measured. */
const RECEIVER = `
import { createServer } from 'node:http';
const selections = JSON.stringify({ version: 1, selections: [{ recording: 'r-1', processes: [{ name: '*', tree: true }], from: 0, to: 8e15, everyS: 60 }] });
let known = 0;
createServer((request, response) => {
  request.resume().on('end', () => {
    if (request.method === 'POST') return response.end('{}');
    known += 1;
    const etag = '"' + Math.floor(known / 100) + '"';
    if (request.headers['if-none-match'] === etag) return response.writeHead(304).end();
    response.setHeader('etag', etag);
    response.end(selections);
  });
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });
`;

const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-probe-'));
await writeFile(join(folder, 'receiver.mjs'), RECEIVER);
const receiver = spawn(process.execPath, [join(folder, 'receiver.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const [port] = await once(receiver.stdout, 'data');
  const report = reportOf(await measure(`http://127.0.0.1:${String(port).trim()}`));
  await writeFile(new URL('results/probe.md', import.meta.url), report);
  console.log(report);
} finally {
  receiver.kill();
  await rm(folder, { recursive: true });
}

async function measure(url: string): Promise<Measured> {
  const outfile = join(folder, 'sweeps.mjs');
  await build({
    entryPoints: ['bench/probe-sweeps.ts'],
    outfile,
    absWorkingDir: PROJECT,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  const { stdout } = await promisify(execFile)(process.execPath, [...NODE_FLAGS, outfile, String(SWEEPS), url, folder]);
  return JSON.parse(stdout);
}

function reportOf({ points, seconds, cpuSeconds, processes, troubles }: Measured): string {
  const settled = points.filter(([sweep]) => sweep > SWEEPS / 10);
  const values = settled.map(([, resident]) => resident / MIB).toSorted((a, b) => a - b);
  const rows = [
    ['sweeps', String(SWEEPS)],
    ['processes of a sweep, at most', String(processes)],
    ['milliseconds of CPU a sweep, sending included', figure((cpuSeconds * 1000) / SWEEPS, 1)],
    ['seconds in all', figure(seconds, 0)],
    ['resident, MiB: least', figure(values[0] ?? Number.NaN, 1)],
    ['resident, MiB: median', figure(values[Math.floor(values.length / 2)] ?? Number.NaN, 1)],
    ['resident, MiB: most', figure(values.at(-1) ?? Number.NaN, 1)],
    ['slope, MiB in 1440 sweeps', slopeText(settled)],
    ['… of the second half', slopeText(points.filter(([sweep]) => sweep > SWEEPS / 2))],
    ['troubles logged', String(troubles)],
  ];
  return `# The memory of the probe over a week of sweeps

\`npm run bench:probe\`, node ${process.versions.node} on ${cpus().length} cores (${process.platform} ${arch()}): ${SWEEPS} sweeps at full speed, which are a week of one a minute. It samples all processes
of the machine for a recording, writes them to disk and sends them to a receiver in another process; the selections change every hundred requests. The first tenth
is left out. Intervals are of 95 % and take residuals as correlated over a tenth of the points (Newey and West, 1987).

${markdownTable(['', 'value'], rows)}
`;
}

/** With its interval of 95 %. */
function slopeText(points: Measured['points']): string {
  const { slope, error } = slopeOf(points);
  const aDay = (bytes: number) => figure((bytes * A_DAY) / MIB, 2);
  return `${aDay(slope)} (${aDay(slope - 1.96 * error)} to ${aDay(slope + 1.96 * error)})`;
}

/** Least squares; the error of the slope after Newey and West, whose weights fall over a tenth of the points. */
function slopeOf(points: Measured['points']): { readonly slope: number; readonly error: number } {
  const n = points.length;
  const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const [meanX, meanY] = [meanOf(points.map(([x]) => x)), meanOf(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const scores = points.map(([x, y]) => (x - meanX) * (y - meanY - slope * (x - meanX)));
  const lags = Math.ceil(n / 10);
  let variance = scores.reduce((sum, score) => sum + score ** 2, 0);
  for (let lag = 1; lag <= lags; lag++) {
    const weight = 1 - lag / (lags + 1);
    for (let at = lag; at < n; at++) variance += 2 * weight * (scores[at] ?? 0) * (scores[at - lag] ?? 0);
  }
  return { slope, error: Math.sqrt(variance) / spread };
}
