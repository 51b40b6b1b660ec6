import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfigStore } from '../../../adapters/dynamodb/config-store.ts';
import { createSpendStore } from '../../../adapters/dynamodb/spend-store.ts';
import { createAnomalyResultsStore } from '../../../adapters/s3/anomaly-results-store.ts';
import { createPointStateStore } from '../../../adapters/s3/point-state-store.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run as plimsoll } from '../../../cli/main.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aCapState } from '../../contract/spend-store.ts';
import { anAccount, aTenantConfig, HOUR, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aJob, aJobRef, aJobRun, anAnomalyLine } from '../../fixtures/point-jobs.ts';
import { aContext } from '../a-context.ts';

let sandbox: Sandbox;
let deployment: Deployment;
let variables: Disposable;

beforeAll(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  const { dynamodb: client, s3, environment } = deployment;
  variables = isolatedVariables(environment);
  const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
  const account = anAccount({
    regions: ['eu-west-1'],
    anomalies: [aJob(), aJob({ name: 'hourly', everyMinutes: 60 })],
  });
  await configs.put(aTenantConfig({ accounts: [account] }), 0, 'external', NOON);
  const options = { client: s3, bucket: environment.RESULTS_BUCKET };
  const results = createAnomalyResultsStore(options);
  for (let minute = 1; minute <= 30; minute++) {
    const time = NOON - minute * MINUTE;
    const of = { time, name: 'web-7', value: 0.3, score: minute / 60, is_anomaly: false, type: null };
    const line =
      minute === 5
        ? anAnomalyLine({ ...of, value: 0.97, score: 0.9999, is_anomaly: true, type: 'spike' })
        : anAnomalyLine(of);
    await results.put({ ...aJobRef(), start: time }, [line]);
  }
  const states = createPointStateStore(options);
  await states.putRun(aJobRun({ scheduledTime: NOON, window: { start: NOON - 2 * MINUTE, end: NOON - MINUTE } }));
  await states.putRun(
    aJobRun({
      job: 'hourly',
      outcome: 'failed',
      window: { start: NOON - 6 * HOUR, end: NOON - 5 * HOUR },
      failures: ['aws/111122223333/eu-west-1: denied: no role'],
    }),
  );
});

afterAll(async () => {
  variables[Symbol.dispose]();
  await sandbox.close();
});

async function command(...args: string[]) {
  const { TABLE: PLIMSOLL_TABLE, CONFIGS_TABLE: PLIMSOLL_CONFIGS_TABLE, RESULTS_BUCKET } = deployment.environment;
  const own = { PLIMSOLL_TABLE, PLIMSOLL_CONFIGS_TABLE, PLIMSOLL_RESULTS_BUCKET: RESULTS_BUCKET };
  const { context, out, err } = aContext({ variables: own, now: NOON });
  const code = await plimsoll(['anomalies', ...args], context);
  return { code, out: out(), notes: err() };
}

describe('plimsoll anomalies', () => {
  it('lists the newest anomalous points, and ends with 3 where there are some', async () => {
    const { code, out } = await command('list', 'acme');

    expect(code).toBe(3);
    expect(out).toContain('web-7');
    expect(out).toContain('97.0 %');
    expect(out.split('\n')).toHaveLength(2);
  });

  it('prints points as they are kept, one JSON object a line', async () => {
    const { out } = await command('list', 'acme', '--json', '--min-score', '0.25', '--limit', '3');

    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ score }) => score)).toEqual([0.9999, 0.25, 0.266667]);
    expect(lines[0]).toMatchObject({ time: '2026-11-20T11:55:00.000Z', host: 'i-1', is_anomaly: true, type: 'spike' });
  });

  it('shows the curve of one host and metric, and its points above a score', async () => {
    const { code, out } = await command('show', 'acme', 'web-7', 'system.cpu.utilization', '--min-score', '0.45');

    expect(code).toBe(3);
    expect(out).toContain('system.cpu.utilization');
    expect(out.match(/web-7/g)?.length).toBe(6);
  });

  it('finds nothing where nothing was kept, which it states', async () => {
    const { code, out } = await command('list', 'acme', '--host', 'other');

    expect(code).toBe(0);
    expect(out).toContain('No such points were kept in this time.');
  });

  it('states how jobs do, and what they cost', async () => {
    const { code, out } = await command('jobs', 'acme');

    expect(code).toBe(4);
    expect(out).toMatch(/resident +aws 111122223333 eu-west-1 +ok/);
    expect(out).toMatch(/hourly +aws 111122223333 eu-west-1 +overdue/);
    expect(out).toContain('hourly of aws 111122223333 eu-west-1: aws/111122223333/eu-west-1: denied: no role');
  });

  it('states which jobs a cost cap slows down, and which it pauses', async () => {
    const { dynamodb: client, environment } = deployment;
    const configs = createConfigStore({ client, table: environment.CONFIGS_TABLE });
    const spends = createSpendStore({ client, table: environment.TABLE });
    const account = anAccount({ regions: ['eu-west-1'], anomalies: [aJob()] });
    const config = aTenantConfig({ tenant: 'capped', costCap: { usdPerMonth: 5 }, accounts: [account] });
    await configs.put(config, 0, 'external', NOON);
    const states = createPointStateStore({ client: deployment.s3, bucket: environment.RESULTS_BUCKET });
    await states.putRun(aJobRun({ tenant: 'capped' }));

    await spends.putCap('capped', aCapState({ jobs: 1 }), 0);
    const slowed = await command('jobs', 'capped');
    await spends.putCap('capped', aCapState({ jobs: 'paused' }), 1);
    const paused = await command('jobs', 'capped');

    expect([slowed.code, paused.code]).toEqual([0, 4]);
    expect(slowed.out).toMatch(/eu-west-1 +slowed/);
    expect(slowed.out).toContain(
      'The cost cap slows 1 job down, to every 60 minutes at the slowest; no point is missed.',
    );
    expect(paused.out).toMatch(/eu-west-1 +paused/);
    expect(paused.out).toContain('The cost cap pauses 1 job; until there is room again no anomaly is found.');
    expect(paused.out).toContain('requests cost about $0 a month');
  });

  it('knows no other tenant', async () => {
    const { code, notes } = await command('list', 'nobody');

    expect(code).toBe(1);
    expect(notes).toContain('nobody');
  });
});
