/**
 * `node bench/sweep.ts [incidents] [bodies] [seconds]` measures the memory of the sweep of a backlog: so many incidents, each with so many bodies in
 * its outbox, that a topic accepts, refuses, or has refused for so long that they are given up. The function has 256 MB; exit 1 where a
 * sweep needs more. A sweep ends after the seconds that the function has, 240, whatever is left.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { MAX_BODIES } from '../core/incidents/room.ts';
import { GIVE_UP_MS } from '../core/incidents/sweep.ts';
import { type Backlog, startSweepClouds } from './sweep-clouds.ts';

const FUNCTION_MIB = 256;
/** What Node.js gets of 256 MB where it runs as a function: the rest is for buffers, code and stacks. */
const AS_DEPLOYED = ['--max-old-space-size=192', '--max-semi-space-size=8'];
const HOUR_MS = 3_600_000;

const incidents = Number(process.argv[2] ?? 10_000);
const bodies = Number(process.argv[3] ?? MAX_BODIES);
const seconds = Number(process.argv[4] ?? 240);

const measuredSchema = z.object({ peakMiB: z.number(), seconds: z.number(), outcome: z.string() });

async function measure(backlog: Backlog) {
  await using clouds = await startSweepClouds(backlog);
  const run = new URL('sweep-run.ts', import.meta.url).pathname;
  const env = {
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: clouds.url,
    AWS_ENDPOINT_URL_SNS: clouds.url,
    CONFIGS_TABLE: 'configs',
    EVENTS_DAYS: '400',
    TABLE: 'table',
    TOPIC_ARN_PREFIX: 'arn:aws:sns:eu-west-1:111122223333:plimsoll-',
    STAGE: 'bench',
  };
  const child = spawn(process.execPath, [...AS_DEPLOYED, run, String(seconds)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const last = (await text(child.stdout)).trim().split('\n').at(-1) ?? '';
  const measured = measuredSchema.safeParse(last.startsWith('{"peakMiB"') ? JSON.parse(last) : undefined);
  return {
    ...clouds.counts,
    ...(measured.success ? measured.data : { peakMiB: Infinity, seconds: NaN, outcome: 'died' }),
  };
}

const now = Date.now();
const backlogs = {
  'the topic accepts': { topic: 'accepts', decidedAt: now - HOUR_MS },
  'the topic refuses': { topic: 'refuses', decidedAt: now - HOUR_MS },
  'given up after a week': { topic: 'refuses', decidedAt: now - GIVE_UP_MS - HOUR_MS },
} as const;
let isKept = true;
for (const [name, backlog] of Object.entries(backlogs)) {
  const { peakMiB, seconds: took, outcome, ...counts } = await measure({ incidents, bodies, ...backlog });
  const read = `${counts.incidents} of ${incidents} incidents read (${Math.round(counts.bytes / 2 ** 20)} MiB)`;
  console.log(
    `${name}: peak ${peakMiB} of ${FUNCTION_MIB} MiB, ${took} s, ${read}, ${counts.removed} writes; ${outcome}`,
  );
  isKept &&= peakMiB <= FUNCTION_MIB;
}
process.exitCode = isKept ? 0 : 1;
