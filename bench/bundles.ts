/**
 * What a cold start of each inspect function loads, against a bundle of nothing but the clients that it needs: size, and time and
 * memory of the import, as the median of fresh processes. `node bench/bundles.ts [processes]`
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleOf, PROJECT } from './bundle.ts';

const DEFAULT_PROCESSES = 11;

/** What every function needs of AWS's own services. */
const OWN = [
  `export { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';`,
  `export { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';`,
  `export { SNSClient, PublishBatchCommand } from '@aws-sdk/client-sns';`,
  `export { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';`,
];

/** The bare clients of each function, imported as the function imports them. */
const CLIENTS: Readonly<Record<string, readonly string[]>> = {
  'inspect-aws': [
    ...OWN,
    `export { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';`,
    `export { fromTemporaryCredentials } from '@aws-sdk/credential-providers';`,
  ],
  'inspect-gcp': [
    ...OWN,
    `export { MetricServiceClient } from '@google-cloud/monitoring/build/src/v3/metric_service_client.js';`,
    `export { AwsClient } from 'google-auth-library';`,
    `export { fromTemporaryCredentials } from '@aws-sdk/credential-providers';`,
  ],
  'inspect-azure': [
    ...OWN,
    `export { LogsQueryClient, MetricsClient } from '@azure/monitor-query';`,
    `export { ClientAssertionCredential } from '@azure/identity';`,
    `export { STSClient, GetWebIdentityTokenCommand } from '@aws-sdk/client-sts';`,
  ],
};

interface Cold {
  readonly bytes: number;
  /** Medians, of the import alone. */
  readonly milliseconds: number;
  readonly mebibytes: number;
}

const folder = await mkdtemp(join(tmpdir(), 'plimsoll-bench-'));
try {
  await main(Number(process.argv[2] ?? DEFAULT_PROCESSES));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function main(processes: number): Promise<void> {
  const rows: Record<string, object> = {};
  for (const [name, lines] of Object.entries(CLIENTS)) {
    const bareEntry = join(folder, `${name}-bare.ts`);
    await writeFile(bareEntry, lines.join('\n'));
    const own = await coldOf(join(PROJECT, `functions/${name}.ts`), join(folder, `${name}.mjs`), processes);
    const bare = await coldOf(bareEntry, join(folder, `${name}-bare.mjs`), processes);
    rows[name] = {
      KiB: kibibytes(own),
      'KiB of clients': kibibytes(bare),
      'import ms': Math.round(own.milliseconds),
      'of clients, ms': Math.round(bare.milliseconds),
      MiB: Math.round(own.mebibytes),
      'of clients, MiB': Math.round(bare.mebibytes),
      'ms ratio': Number((own.milliseconds / bare.milliseconds).toFixed(2)),
    };
  }
  console.table(rows);
  console.log(`median of ${processes} fresh processes, node ${process.version}; MiB is what the import adds`);
}

async function coldOf(entry: string, file: string, processes: number): Promise<Cold> {
  const { bytes } = await bundleOf(entry, file);
  const importer = `${file}.import.mjs`;
  await writeFile(
    importer,
    `const rss = process.memoryUsage().rss, begun = performance.now();
await import(${JSON.stringify(file)});
console.log(JSON.stringify([performance.now() - begun, (process.memoryUsage().rss - rss) / 2 ** 20]));
process.exit();`,
  );
  const runs: [number, number][] = [];
  for (let run = 0; run < processes; run++) {
    const { stdout } = await promisify(execFile)(process.execPath, [importer], { env: {} });
    runs.push(JSON.parse(stdout));
  }
  return { bytes, milliseconds: median(runs.map(([ms]) => ms)), mebibytes: median(runs.map(([, mib]) => mib)) };
}

function kibibytes({ bytes }: Cold): number {
  return Math.round(bytes / 1024);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
