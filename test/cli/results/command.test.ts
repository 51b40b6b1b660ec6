import { gunzipSync } from 'node:zlib';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createRunLog } from '../../../adapters/dynamodb/run-log.ts';
import { createResultsStore } from '../../../adapters/s3/results-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run as plimsoll } from '../../../cli/main.ts';
import { createHeadBuilder } from '../../../core/inspection/run-head.ts';
import type { ResultLine } from '../../../core/model/result-line.ts';
import type { RunSummary } from '../../../core/model/run.ts';
import { type RunRef, runName } from '../../../core/model/run-ref.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { anAccount, aRunSummary, aTenantConfig, HOUR, NOON } from '../../fixtures/builders.ts';
import { aResultLine, aRunRef, NOT_EVALUATED, STEADY } from '../../fixtures/result-lines.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  variables = isolatedVariables(deployment.environment);
  await putTenant('acme', ['eu-west-1', 'eu-west-2']);
  await putTenant('early', ['eu-west-1']);
  await putTenant('large', ['eu-west-1']);
  await putTenant('damaged', ['eu-west-1']);
  await putTenant('gappy', ['eu-west-1']);
  await putTenant('mixed', ['eu-west-1']);
  await putTenant('new', ['eu-west-1']);
  await putTenant('hostile', ['eu-west-1']);
  await putTenant('order', ['eu-west-1', 'eu-west-2']);
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

async function putTenant(tenant: string, regions: readonly string[]): Promise<void> {
  const { dynamodb: client, environment } = deployment;
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  await configs.put(aTenantConfig({ tenant, accounts: [anAccount({ regions })] }), 0, 'external', NOON);
}

const COUNTS = {
  hosts: { known: 4, inspected: 2, notMonitored: 1, unreadable: 1, notDue: 0 },
  verdicts: { confirmed: 1, suspected: 0, steady: 1, insufficientData: 0 },
};

/** Stores a run as an inspection does: the lines in shards, the head of them, and its record. */
async function putRun(run: RunRef, shards: readonly (readonly ResultLine[])[], summary: Partial<RunSummary> = {}) {
  const { dynamodb, s3, environment } = deployment;
  const store = createResultsStore({ client: s3, bucket: environment.RESULTS_BUCKET });
  const { tenant, scope, scheduledTime } = run;
  const results = { run: runName(run), shards: shards.length };
  const logged = aRunSummary({ tenant, scope, scheduledTime, ...COUNTS, results, ...summary });
  const head = createHeadBuilder();
  for (const [shard, lines] of shards.entries()) {
    await store.putShard(run, shard, lines);
    for (const line of lines) head.add(line);
  }
  await store.putHead(run, head.head({ run: results.run, shards: results.shards, summary: logged, watched: [] }));
  await createRunLog({ client: dynamodb, table: environment.TABLE, now: () => NOON }).put(logged);
}

/** Two shards with a host of each kind. */
function someLines(run: RunRef): ResultLine[][] {
  return [
    [
      aResultLine({ ...NOT_EVALUATED, host: 'i-quiet', name: null, group: 'batch' }, run),
      aResultLine({ ...STEADY, host: 'i-steady', name: 'web-2' }, run),
    ],
    [
      aResultLine({ host: 'i-leak', name: 'web-1' }, run),
      aResultLine(
        { ...NOT_EVALUATED, host: 'i-lost', verdict: 'unreadable', reason: 'denied', detail: 'no right' },
        run,
      ),
    ],
  ];
}

async function results(args: readonly string[], { width }: { width?: number } = {}) {
  const { TABLE: PLIMSOLL_TABLE, CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE, RESULTS_BUCKET } = deployment.environment;
  const { context, out, err } = aContext({
    ...(width !== undefined && { width }),
    variables: { PLIMSOLL_TABLE, PLIMSOLL_CONFIGS_TABLE, PLIMSOLL_RESULTS_BUCKET: RESULTS_BUCKET },
    now: NOON + 3 * HOUR,
  });
  const code = await plimsoll(['results', ...args], context);
  return { code, out: out(), err: err() };
}

const inRegion = (tenant: string, region: string, hour = 0) =>
  aRunRef({ tenant, scope: { ...aRunRef().scope, region }, scheduledTime: NOON + hour * HOUR });

describe('plimsoll results', () => {
  beforeAll(async () => {
    const [first, second, other] = [
      inRegion('acme', 'eu-west-1'),
      inRegion('acme', 'eu-west-1', 1),
      inRegion('acme', 'eu-west-2', 1),
    ];
    await putRun(first, [[aResultLine({ host: 'i-old', name: 'old' }, first)]]);
    await putRun(second, someLines(second));
    await putRun(other, [[aResultLine({ host: 'i-far', name: 'far' }, other)]]);
  });

  it('shows the hosts that are not steady of the newest run of each region, leaking ones first', async () => {
    const { code, out, err } = await results(['acme']);

    expect(code).toBe(3);
    const order = ['web-1', 'far', 'no right', 'i-quiet'].map((text) => out.indexOf(text));
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(out).not.toContain('web-2');
    expect(out).not.toContain('old');
    expect(out).toContain(
      '2 inspections of 2026-11-20 13:00 UTC: 2 of 8 hosts grow like a leak, 2 steady, 4 without a verdict.',
    );
    expect(err).toBe('');
  });

  it.each([
    ['leaking', ['i-leak']],
    ['not-steady', ['i-leak', 'i-lost', 'i-quiet']],
    ['not-evaluated', ['i-lost', 'i-quiet']],
    ['all', ['i-quiet', 'i-steady', 'i-leak', 'i-lost']],
  ])('prints the lines of %s as they are kept', async (only, hosts) => {
    const { out } = await results(['acme', '--region', 'eu-west-1', '--only', only, '--json']);

    const kept = [...(await keptLines(0)), ...(await keptLines(1))];
    const printed = out.split('\n');
    expect(printed.map((line) => JSON.parse(line).host)).toEqual(hosts);
    for (const line of printed) expect(kept).toContain(line);
  });

  it('shows the run that was due by a time', async () => {
    const { code, out } = await results(['acme', '--region', 'eu-west-1', '--at', '2026-11-20T12:30Z']);

    expect(code).toBe(3);
    expect(out).toContain('old');
    expect(out).toContain('1 inspection of 2026-11-20 12:00 UTC');
  });

  it('states which regions have no results, and ends with 4', async () => {
    const { code, out, err } = await results(['acme', '--at', '2026-11-20T12:30Z']);

    expect(code).toBe(4);
    expect(out).toContain('old');
    expect(err).toBe(
      'no results of aws 111122223333 eu-west-2: no inspection by then is known: the last 90 days are, and Athena reads the lines of earlier ones',
    );
  });

  it('names runs of a version that kept no results', async () => {
    const { dynamodb, environment } = deployment;
    await createRunLog({ client: dynamodb, table: environment.TABLE, now: () => NOON }).put(
      aRunSummary({ tenant: 'early' }),
    );

    const { code, out, err } = await results(['early']);

    expect(code).toBe(4);
    expect(out).toBe('');
    expect(err).toContain('its last inspection kept no results: a version before them made it (2026-11-20 12:00 UTC)');
  });

  it('reads the shards where the head has no room for all hosts', async () => {
    const run = inRegion('large', 'eu-west-1');
    const quiet = Array.from({ length: 10_001 }, (_, index) =>
      aResultLine({ ...NOT_EVALUATED, host: `i-${index}` }, run),
    );
    const counts = { ...COUNTS, verdicts: { ...COUNTS.verdicts, insufficientData: 9_999 } };
    await putRun(run, [quiet.slice(0, 5000), quiet.slice(5000), [aResultLine({ host: 'i-leak' }, run)]], counts);

    const all = await results(['large', '--only', 'not-steady', '--json']);
    const leaking = await results(['large', '--only', 'leaking', '--json']);
    const table = await results(['large', '--limit', '3']);

    expect(all.out.split('\n')).toHaveLength(10_002);
    expect(leaking.out.split('\n').map((line) => JSON.parse(line).host)).toEqual(['i-leak']);
    expect(table.out).toContain('9,999 further hosts are not shown; --limit N shows more, and --json all');
  });

  it('shows leaking hosts of all regions before others, the most urgent first, and how many it does not show', async () => {
    const [one, two] = [inRegion('order', 'eu-west-1'), inRegion('order', 'eu-west-2')];
    const quiet = Array.from({ length: 120 }, (_, n) =>
      aResultLine({ ...NOT_EVALUATED, host: `i-quiet-${n}`, name: null }, one),
    );
    const none = { confirmed: 0, suspected: 0, steady: 0, insufficientData: 0 };
    const hosts = { known: 120, inspected: 120, notMonitored: 0, unreadable: 0, notDue: 0 };
    await putRun(one, [quiet], { hosts, verdicts: { ...none, insufficientData: 120 } });
    const leaks = [
      aResultLine({ host: 'i-suspected', name: null, grade: 'suspected', exhaustion: NOON + HOUR }, two),
      aResultLine({ host: 'i-later', name: null, grade: 'confirmed', exhaustion: NOON + 9 * HOUR }, two),
      aResultLine({ host: 'i-sooner', name: null, grade: 'confirmed', exhaustion: NOON + 2 * HOUR }, two),
    ];
    await putRun(two, [leaks], { verdicts: { ...none, confirmed: 2, suspected: 1 }, hosts: { ...hosts, known: 3 } });

    const table = await results(['order']);
    const rows = ['not-steady', 'all', 'leaking'].map(async (only) => {
      const { out } = await results(['order', '--only', only, '--limit', '4', '--json']);
      return out.split('\n').map((line) => JSON.parse(line).host);
    });

    expect(table.out.match(/i-(sooner|later|suspected|quiet-0)\b/g)).toEqual([
      'i-sooner',
      'i-later',
      'i-suspected',
      'i-quiet-0',
      'i-sooner',
    ]);
    expect(table.out).toMatch(/npx plimsoll explain i-sooner .*$/);
    expect(table.out).toContain('23 further hosts are not shown');
    const urgent = ['i-sooner', 'i-later', 'i-suspected'];
    expect(await Promise.all(rows)).toEqual([[...urgent, 'i-quiet-0'], [...urgent, 'i-quiet-0'], urgent]);
  });

  it('shows what can be read beside what cannot, and ends with 4', async () => {
    const run = inRegion('damaged', 'eu-west-1');
    await putRun(run, someLines(run));
    const store = createResultsStore({ client: deployment.s3, bucket: deployment.environment.RESULTS_BUCKET });
    await store.putShard(run, 0, []);
    await deployment.s3.send(new PutObjectCommand({ ...keyOf('damaged', 0), Body: 'not gzip' }));

    const { code, out, err } = await results(['damaged', '--only', 'all']);

    expect(code).toBe(4);
    expect(out).toContain('web-1');
    expect(err).toMatch(/^error: s3:\/\/.*00000\.ndjson\.gz is not gzip/);
  });

  it('names an object that is gone, and ends with 4', async () => {
    const run = inRegion('gappy', 'eu-west-1');
    await putRun(run, someLines(run));
    const { Bucket, Key } = keyOf('gappy', 1);
    await deployment.s3.send(new DeleteObjectCommand({ Bucket, Key }));

    const { code, out, err } = await results(['gappy', '--only', 'all', '--json']);

    expect(code).toBe(4);
    expect(out.split('\n').map((line) => JSON.parse(line).host)).toEqual(['i-quiet', 'i-steady']);
    expect(err).toBe(
      `error: s3://${Bucket}/${Key} is missing, one of 2 with the results of the run: the hosts in it are not shown.`,
    );
  });

  it('does not show the head of another tenant as this one’s', async () => {
    const [own, other] = [inRegion('mixed', 'eu-west-1'), inRegion('acme', 'eu-west-1', 1)];
    await putRun(own, someLines(own));
    const store = createResultsStore({ client: deployment.s3, bucket: deployment.environment.RESULTS_BUCKET });
    const head = await store.head(other);
    if (head === undefined) throw new Error('The other run has no head.');
    const lines = head.lines.map((line) => ({ ...line, name: 'of-another-tenant' }));
    await store.putHead(own, { ...head, lines });

    const { code, out, err } = await results(['mixed']);

    expect(code).toBe(4);
    expect(out).not.toContain('of-another-tenant');
    expect(out).toContain('web-1');
    expect(err).toMatch(
      /^error: s3:\/\/.*\.json\.gz is not read: it is of the run 20261120T130000Z of .* of tenant acme\. Delete it\.$/,
    );
  });

  it('names the command that inspects a tenant of which there is nothing yet, once', async () => {
    const { code, out, err } = await results(['new']);

    expect({ code, out }).toEqual({ code: 4, out: '' });
    expect(err.split('\n')).toEqual([
      'no results of aws 111122223333 eu-west-1: it was not inspected yet',
      '`npx plimsoll invoke new --wait` inspects it now and shows what it finds.',
    ]);
  });

  it.each([80, 120])(
    'shows grade, host, region and exhaustion first on %i columns, and the reasons in full',
    async (width) => {
      const { out } = await results(['acme'], { width });

      const [found = '', others = ''] = out.split('\n\n');
      expect(found).toMatch(/^severity +grade +host +(group +)?region +exhausted +growth/);
      expect(found).toMatch(/^medium +confirmed +far +(web +)?eu-west-2 +in 3 d 23 h/m);
      expect(others).toMatch(/^no verdict +host +why/);
      expect(others.split('\n')).toHaveLength(3);
      expect(out).toContain('npx plimsoll explain');
    },
  );

  it.each([80, 120])('keeps names of any length within %i columns', async (width) => {
    const run = inRegion('hostile', 'eu-west-1');
    const long = 'y'.repeat(10_000);
    await putRun(run, [
      [
        aResultLine({ host: 'i-1', name: `web\u202e${long}-1`, group: long }, run),
        aResultLine({ ...NOT_EVALUATED, host: 'i-2', name: `web-${long}-2` }, run),
      ],
    ]);

    const { out } = await results(['hostile'], { width });

    const lines = out.split('\n').filter((line) => !line.startsWith('npx plimsoll'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(out).toMatch(/ weby*…y*-1 /);
  });

  it('counts the regions that were not read, and those that were in part', async () => {
    const none = { known: 0, inspected: 0, notMonitored: 0, unreadable: 0, notDue: 0 };
    const [first, second] = [inRegion('acme', 'eu-west-1', 2), inRegion('acme', 'eu-west-2', 2)];
    await putRun(first, someLines(first), { outcome: 'partial' });
    await putRun(second, [], { outcome: 'partial', hosts: none });

    const { code, out } = await results(['acme', '--at', '2026-11-20T14:00Z']);

    expect(code).toBe(4);
    expect(out).toContain('without a verdict; 1 region not read, 1 in part.');
  });

  it('refuses a limit of nothing', async () => {
    const { code, err } = await results(['acme', '--limit', '0']);

    expect(code).toBe(1);
    expect(err).toContain('Give at least 1.');
  });

  it('is one sentence where the bucket fails', async () => {
    const lift = sandbox.inject({ service: 's3', kind: 'denied' });
    const { code, out, err } = await results(['acme']);
    lift();

    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^error: Could not read s3:\/\/.*AccessDenied.*allow s3:GetObject[^\n]*$/);
  });

  it.each([80, 120])('fits a terminal of %i columns', async (width) => {
    const { out } = await results(['acme', '--only', 'all'], { width });

    const lines = out.split('\n').filter((line) => !line.startsWith('npx plimsoll'));
    expect(out).toContain('web-1');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it('refuses tenants, accounts and regions that are not there', async () => {
    const refused = await Promise.all(
      [['nobody'], ['acme', '--account', '9'], ['acme', '--region', 'x']].map((args) => results(args)),
    );

    expect(refused.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(refused.map(({ err }) => err)).toEqual([
      expect.stringContaining('There is no tenant nobody'),
      expect.stringContaining('has no such account and region'),
      expect.stringContaining('has no such account and region'),
    ]);
  });

  it('names the variable that it needs, and the option that sets it', async () => {
    const { context, err } = aContext();

    expect(await plimsoll(['results', 'acme'], context)).toBe(1);
    expect(err()).toContain('PLIMSOLL_RESULTS_BUCKET');
    expect(err()).toContain('--stage NAME');
  });
});

function keyOf(tenant: string, shard: number, hour = 12) {
  const folder = `results/tenant=${tenant}/date=2026-11-20/aws/111122223333/eu-west-1/20261120T${hour}0000Z`;
  return { Bucket: deployment.environment.RESULTS_BUCKET, Key: `${folder}/0000${shard}.ndjson.gz` };
}

async function keptLines(shard: number): Promise<string[]> {
  const { Body } = await deployment.s3.send(new GetObjectCommand(keyOf('acme', shard, 13)));
  return gunzipSync((await Body?.transformToByteArray()) ?? '')
    .toString()
    .trim()
    .split('\n');
}
