/**
 * One measurement of bench/promql.ts, in a process of its own: `node bench/promql-run.ts adapter URL FILE` reads all hosts through the adapter
 * and writes its requests to the file; `node bench/promql-run.ts bare URL FILE` sends the same requests and reads the answers to their ends.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request as send } from 'node:http';
import { performance } from 'node:perf_hooks';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import pLimit from 'p-limit';
import * as z from 'zod';
import { unauthorised } from '../adapters/promql/authorise/none.ts';
import type { IncomingAnswer, OutgoingRequest } from '../adapters/promql/connection.ts';
import { promqlHttp } from '../adapters/promql/http.ts';
import { promqlSource } from '../adapters/promql/source.ts';
import { MEMORY_UTILIZATION } from '../core/model/series.ts';
import { HOUR, HOURS, NOON, PERIOD_MS } from './promql-fleet.ts';

/** Requests of the adapter that are under way at once. */
const AT_ONCE = 4;

const requestsSchema = z.array(
  z.object({
    path: z.string(),
    method: z.enum(['GET', 'POST']),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
);
type Requests = z.output<typeof requestsSchema>;

const [what = '', url = '', file = ''] = process.argv.slice(2);
const total = { hosts: 0, containers: 0, points: 0, requests: 0, sentBytes: 0, receivedBytes: 0, jsonBytes: 0 };

async function readThroughAdapter(): Promise<void> {
  const http = promqlHttp();
  const requests: Requests = [];
  const counted = (answer: IncomingAnswer) => {
    answer.body.on('data', (chunk: Buffer) => {
      total.receivedBytes += chunk.length;
    });
    return answer;
  };
  const connection = {
    url: new URL(url),
    authorise: unauthorised,
    async http(request: OutgoingRequest, signal: AbortSignal) {
      const { method, headers, body } = request;
      requests.push({ path: request.url.pathname, method, headers, body });
      total.sentBytes += body.length;
      const answer = await http(request, signal);
      // The listener starts the flow, and whoever reads comes after it in the same turn.
      return counted(answer);
    },
  };
  const source = promqlSource({ account: 'bench', connection, now: () => NOON });
  const window = { start: NOON - HOURS * HOUR, end: NOON };
  const span = { window, periodMs: PERIOD_MS, statistic: 'minimum' } as const;
  for await (const reading of source.read(
    { metric: MEMORY_UTILIZATION, span, filters: [] },
    { count: () => undefined },
  )) {
    if (reading.kind !== 'series') throw new Error(JSON.stringify(reading));
    total.points += reading.times.length;
    if (reading.resource.kind === undefined) total.hosts++;
    else total.containers++;
  }
  total.requests = requests.length;
  await writeFile(file, JSON.stringify(requests));
}

async function sendBare(): Promise<void> {
  const requests = requestsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  const agent = new Agent({ keepAlive: true });
  const limit = pLimit(AT_ONCE);
  await Promise.all(requests.map((request) => limit(() => sendOne(request, agent))));
  total.requests = requests.length;
}

async function sendOne({ path, method, headers, body }: Requests[number], agent: Agent): Promise<void> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = send(new URL(path, url), { method, headers, agent }, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
  const answer = await buffer(response);
  total.sentBytes += body.length;
  total.receivedBytes += answer.length;
  total.jsonBytes += response.headers['content-encoding'] === 'gzip' ? gunzipSync(answer).length : answer.length;
}

const began = performance.now();
if (what === 'bare') await sendBare();
else await readThroughAdapter();
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    ...total,
    wallMs: performance.now() - began,
    cpuMs: (user + system) / 1_000,
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024),
  }),
);
process.exit(0);
