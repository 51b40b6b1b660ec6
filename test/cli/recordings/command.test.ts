/** `plimsoll recordings` over a deployment of the sandbox. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../adapters/dynamodb/audit-log.ts';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createRecordingStore } from '../../../adapters/dynamodb/recording-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  const configs = createConfigStore({ client: deployment.dynamodb, table: deployment.environment.CONFIGS_TABLE });
  const accounts = [{ provider: 'otlp' as const, account: 'lab', regions: ['global'] }];
  await configs.put(aTenantConfig({ tenant: 'acme', accounts }), 0, 'external', NOON);
  const { environment, dispatch } = deployment;
  sandbox.putStack('plimsoll-prod', {
    TableName: environment.TABLE,
    ConfigsTableName: environment.CONFIGS_TABLE,
    ResultsBucketName: environment.RESULTS_BUCKET,
    TopicArnPrefix: environment.TOPIC_ARN_PREFIX,
    RequestQueueUrl: dispatch.requestQueueUrl,
  });
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

const store = () => createRecordingStore({ client: deployment.dynamodb, table: deployment.environment.TABLE });

async function plimsoll(...args: string[]) {
  const { context, out, err } = aContext();
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

const recordings = (command: string, ...args: string[]) =>
  plimsoll('recordings', command, ...args, '--tenant', 'acme', '--stage', 'prod');

describe('plimsoll recordings', () => {
  it('starts a recording of several processes on several hosts, and stops, lists and deletes it', async () => {
    const hosts = ['--host', 'group=web', '--host', 'name=db-*,label.env=prod'];
    const processes = ['--process', 'java', '--pid', '4711', '--tree', '--every', '10', '--for', '2h'];

    const started = await recordings('start', 'release 2.31', '--account', 'lab', ...hosts, ...processes);
    const [kept] = await store().list('acme');
    const id = kept?.id ?? '';
    const stopped = await recordings('stop', id);
    const listed = await recordings('list');
    const deleted = await recordings('delete', id);

    expect([started.code, stopped.code, listed.code, deleted.code]).toEqual([0, 0, 0, 0]);
    expect(kept?.selection).toMatchObject({
      hosts: [{ group: 'web' }, { name: 'db-*', labels: { env: 'prod' } }],
      processes: [
        { name: 'java', tree: true },
        { pid: 4711, tree: true },
      ],
      everyS: 10,
    });
    expect(started.out).toContain(`started: recording ${id} (release 2.31): running`);
    expect(stopped.out).toContain('ended');
    expect(listed.out).toContain('release 2.31');
    expect(listed.out).toContain('demo');
    expect(await store().list('acme')).toMatchObject([{ id, deletedAt: expect.any(Number) }]);
    const { entries } = await createAuditLog({
      client: deployment.dynamodb,
      table: deployment.environment.TABLE,
      now: () => NOON,
    }).list('acme', { limit: 10 });
    expect(entries.map(({ action }) => action).toSorted()).toEqual([
      'deleteRecording',
      'startRecording',
      'stopRecording',
    ]);
  });

  it('shows the demo: what is kept of each process, and that one grows like a leak', async () => {
    const { code, out } = await recordings('show', 'demo');

    expect(code).toBe(3);
    expect(out).toMatch(/^recording demo \(Demo: a shop with a leak\): running/);
    const row = out.split('\n').find((line) => line.startsWith('shop-web-1') && line.includes('cart-service')) ?? '';
    expect(row.split(/ {2,}/)).toEqual([
      ...['shop-web-1', 'cart-service', '2114', '1.08 GiB', '153 KiB', '1.08 GiB', '1000 MiB', '+5.58 MiB/h'],
      ...['grows like a leak since 2026-11-16 08:00', '2 days live, 5 archived'],
    ]);
    expect(out.split('\n').find((line) => line.startsWith('shop-db-1') && line.includes('backup-agent'))).toMatch(
      / - +- +- +\S+ MiB .* steady/,
    );
  });

  it('exports a trace file in which the detector finds the leak', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plimsoll-recording-'));
    const file = join(folder, 'demo.ndjson');

    const exported = await recordings('export', 'demo');
    await writeFile(file, `${exported.out}\n`);
    const inspected = await plimsoll('inspect', '--traces', file);
    await rm(folder, { recursive: true });

    expect([exported, inspected].map(({ code, err }) => [code, err])).toEqual([
      [0, ''],
      [3, ''],
    ]);
    expect(inspected.out).toContain('shop-web-1 cart-service 2114');
    expect(inspected.out).not.toContain('nginx 811');
  });

  it.each([
    [
      'of an account that is not there',
      ['start', 'x', '--account', 'none', '--host', 'id=a', '--process', 'b'],
      'there are lab',
    ],
    ['of no process', ['start', 'x', '--account', 'lab', '--host', 'id=a'], '--process NAME, or --pid'],
    [
      'that would take too long',
      ['start', 'x', '--account', 'lab', '--host', 'id=a', '--pid', '1', '--for', '6w'],
      '31 days',
    ],
    ['that are not there', ['show', 'r-aaaaaaaaaaaaaaaa'], 'no such recording'],
    ['of the demo', ['delete', 'demo'], 'always there'],
  ])('refuse what cannot be done: %s', async (_, [command = '', ...args], message) => {
    const { code, err } = await recordings(command, ...args);

    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});
