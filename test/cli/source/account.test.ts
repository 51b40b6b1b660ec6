import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { type HostPlan, hostAt, instanceId } from '../../../sandbox/scenario/hosts.ts';
import { flat, linear, sum } from '../../../sandbox/scenario/shapes.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

const ACCOUNT = '111122223333';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/plimsoll-read`;

const PLANS: readonly HostPlan[] = [
  { name: 'flat', story: '', memory: flat(40), expected: { state: 'steady' } },
  {
    name: 'leaker',
    group: 'web',
    story: '',
    memory: sum(flat(30), linear({ from: -100, perHour: 0.5 })),
    expected: { state: 'leaking', pattern: 'linear', topConsumer: 'node' },
  },
  { name: 'dark', story: '', reports: [], expected: { state: 'not_monitored', reason: 'not_reported' } },
];

let sandbox: Sandbox;
let deployment: Deployment;
let settings: Disposable;
let folder: string;
let externalId: string;

async function plimsoll(...args: string[]) {
  const { CONFIGS_TABLE, TOPIC_ARN_PREFIX } = deployment.environment;
  const variables = {
    PLIMSOLL_CONFIGS_TABLE: CONFIGS_TABLE,
    PLIMSOLL_TOPIC_ARN_PREFIX: TOPIC_ARN_PREFIX,
    EXTERNAL_ID: externalId,
  };
  const { context, out, err } = aContext({ variables });
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

/** Stores a config instead of the last one. */
async function put(config: unknown): Promise<void> {
  const file = join(folder, 'put.json');
  await writeFile(file, JSON.stringify(config));
  expect((await plimsoll('tenants', 'put', file)).code).toBe(0);
}

/** Where STS and CloudWatch were called. */
function regionsCalled() {
  const of = (service: string) => [
    ...new Set(sandbox.calls.calls.filter((call) => call.service === service).map(({ region }) => region)),
  ];
  return { sts: of('sts'), cloudwatch: of('cloudwatch') };
}

const AWS_ACCOUNT = { provider: 'aws', account: ACCOUNT, regions: ['eu-west-1'], role: ROLE } as const;

const PROJECT = {
  provider: 'gcp',
  account: 'shop-123456',
  regions: ['europe-west1'],
  identity: {
    projectNumber: '123456789012',
    pool: 'plimsoll',
    provider: 'plimsoll-aws',
    serviceAccount: 'plimsoll-reader@shop-123456.iam.gserviceaccount.com',
  },
} as const;

beforeAll(async () => {
  const config = aTenantConfig({
    accounts: [{ provider: 'aws', account: ACCOUNT, regions: ['eu-west-1'], role: ROLE }],
  });
  const location = { tenant: 'acme', account: ACCOUNT, region: 'eu-west-1', asOf: NOON, seed: 1 };
  const hosts = PLANS.map((plan) => hostAt(location, plan));
  sandbox = await startSandbox({ fleet: { asOf: NOON, tenants: [config], hosts, refusing: [] } });
  deployment = await deploy(sandbox);
  settings = isolatedVariables(deployment.environment);
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
  externalId = 'not yet known';
  const file = join(folder, 'acme.json');
  await writeFile(file, JSON.stringify(config));
  const { out } = await plimsoll('tenants', 'put', file);
  externalId = /plimsoll-[0-9a-f-]{36}/.exec(out)?.[0] ?? '';
  sandbox.trust(ROLE, externalId);
});

afterAll(async () => {
  settings[Symbol.dispose]();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

describe('plimsoll inspect, of an account', () => {
  it('reads a stored tenant’s accounts through their roles', async () => {
    const { code, out } = await plimsoll('inspect', '--tenant', 'acme');

    expect(code).toBe(3);
    expect(out).toContain(instanceId('leaker'));
    expect(out).toContain('hosts      3 known: 2 inspected, 1 not monitored, 0 unreadable');
    expect(out).toMatch(/calls {6}4 GetMetricData, 1 GetResources, 7 ListMetrics; 14 metrics billed/);
    expect(out).toMatch(
      /cost {7}\$0\.00014 a run, \$0\.10 a month on this schedule; price: 0\.01 USD per 1,000 metrics/,
    );
  });

  it('reads an account through a role that is named on the command line', async () => {
    const account = ['--provider', 'aws', '--account', ACCOUNT, '--region', 'eu-west-1', '--role', ROLE];

    const { code, out } = await plimsoll('inspect', ...account, '--external-id-from-env', 'EXTERNAL_ID', '--json');

    expect(code).toBe(3);
    expect(out.split('\n').map((line) => JSON.parse(line).state)).toEqual(
      expect.arrayContaining(['steady', 'leaking', 'not_monitored']),
    );
  });

  it('assumes the role in our own region, whatever region is read', async () => {
    sandbox.inject({ service: 'sts', kind: 'denied', region: 'ap-south-2' });
    sandbox.calls.clear();
    const account = ['--provider', 'aws', '--account', ACCOUNT, '--region', 'ap-south-2', '--role', ROLE];

    await plimsoll('inspect', ...account, '--external-id-from-env', 'EXTERNAL_ID');

    expect(regionsCalled()).toEqual({ sts: ['eu-west-1'], cloudwatch: ['ap-south-2'] });
  });

  it('assumes a tenant’s roles in our own region too', async () => {
    const account = { provider: 'aws', account: ACCOUNT, regions: ['ap-south-2'], role: ROLE };
    await put(aTenantConfig({ accounts: [account] }));
    sandbox.calls.clear();

    await plimsoll('inspect', '--tenant', 'acme');

    await put(aTenantConfig({ accounts: [{ ...account, regions: ['eu-west-1'] }] }));
    expect(regionsCalled()).toEqual({ sts: ['eu-west-1'], cloudwatch: ['ap-south-2'] });
  });

  it('reads the other accounts where a Google Cloud project cannot be signed in to', async () => {
    await put(aTenantConfig({ accounts: [PROJECT, AWS_ACCOUNT] }));

    const { code, out, err } = await plimsoll('inspect', '--tenant', 'acme');

    await put(aTenantConfig({ accounts: [AWS_ACCOUNT] }));
    const printed = out.replace(/\s+/g, ' ');
    expect({ code, err }).toEqual({ code: 4, err: '' });
    expect(printed).toContain('The environment variable PLIMSOLL_GCP_SESSION_ROLE is not set.');
    expect(printed).toContain(
      `or read the project with your own credentials (--provider gcp --account ${PROJECT.account}).`,
    );
    expect(printed).toContain(instanceId('leaker'));
  });

  it('is examined without the projects that only the functions can sign in to, which are named and are no failure', async () => {
    await put(aTenantConfig({ accounts: [PROJECT, AWS_ACCOUNT] }));

    const { code, out, err } = await plimsoll('doctor', '--tenant', 'acme');

    await put(aTenantConfig({ accounts: [AWS_ACCOUNT] }));
    const printed = out.replace(/\s+/g, ' ');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(printed).toContain(`gcp ${PROJECT.account} tenant acme not from here`);
    expect(printed).toContain('PLIMSOLL_GCP_SESSION_ROLE or AWS_REGION is not set');
    expect(printed).toContain(`npx plimsoll status acme --account ${PROJECT.account}`);
    expect(printed).toContain('3 seen: 2 with memory, 1 without');
    expect(printed).toContain('; 1 not from here;');
  });

  it('is partial where the role does not let it in', async () => {
    const account = ['--provider', 'aws', '--account', ACCOUNT, '--region', 'eu-west-1', '--role', ROLE];
    externalId = 'a-wrong-one';
    const { code, out } = await plimsoll('inspect', ...account, '--external-id-from-env', 'EXTERNAL_ID');

    expect(code).toBe(4);
    expect(out).toMatch(
      /^aws \d{12} eu-west-1 {2}not read: cannot assume arn:aws:iam::\d{12}:role\/plimsoll-read: *\n/,
    );
    expect(out.match(/AccessDenied/g)).toHaveLength(1);
    expect(out).not.toContain('access was denied');
    expect(out).not.toContain('a-wrong-one');
  });

  it('records and publishes nothing', async () => {
    sandbox.calls.clear();
    await plimsoll('inspect', '--tenant', 'acme');

    const actions = new Set(sandbox.calls.calls.map(({ service, action }) => `${service} ${action}`));
    expect([...actions].sort()).toEqual([
      'cloudwatch GetMetricData',
      'cloudwatch ListMetrics',
      'dynamodb Query',
      'sts AssumeRole',
      'tagging GetResources',
    ]);
  });

  it('states that there is no such tenant, or no such account of it', async () => {
    expect((await plimsoll('inspect', '--tenant', 'beta')).err).toContain('There is no tenant beta.');
    expect((await plimsoll('inspect', '--tenant', 'acme', '--account', '999999999999')).err).toContain(
      'Tenant acme has no account 999999999999.',
    );
  });

  it('notes that schedules do not inspect a disabled tenant, and inspects it', async () => {
    const file = join(folder, 'acme.json');
    const disabled = join(folder, 'disabled.json');
    await writeFile(disabled, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), enabled: false }));
    await plimsoll('tenants', 'put', disabled);

    const { code, err } = await plimsoll('inspect', '--tenant', 'acme');

    await plimsoll('tenants', 'put', file);
    expect(code).toBe(3);
    expect(err).toBe('note: tenant acme has `enabled: false`: schedules do not inspect it.');
    expect((await plimsoll('inspect', '--tenant', 'acme')).err).toBe('');
  });
});

describe('a policy in a file', () => {
  async function withStoredPolicy() {
    const stored = join(folder, 'acme.json');
    const config = JSON.parse(await readFile(stored, 'utf8'));
    await put({
      ...config,
      policy: { threshold: 0.6 },
      groupPolicies: [{ group: 'web', policy: { recoverAfter: 2 } }],
    });
    const file = join(folder, 'policy.yml');
    await writeFile(file, 'threshold: 0.9\nenvironment: production\n');
    return { file, restore: () => put(config) };
  }

  it('applies where nothing is stored for the tenant', async () => {
    const { file, restore } = await withStoredPolicy();

    const { out, err } = await plimsoll('inspect', '--tenant', 'acme', '--policy', file);

    await restore();
    expect(err.replace(/\s+/g, ' ')).toBe(
      'note: threshold of policy.yml is not used: it is stored for tenant acme, and what is stored goes before a file.',
    );
    expect(out).toContain('Evaluated with policy.yml where nothing else is stored.');
  });

  it('goes before what is stored in a backtest, which follows the policy of each host', async () => {
    const { file, restore } = await withStoredPolicy();
    const args = ['backtest', '--tenant', 'acme', '--days', '1', '--json', '--policy', file, '--against', 'prior=0.1'];

    const { out } = await plimsoll(...args);

    await restore();
    const hosts = out.split('\n').map((line) => JSON.parse(line));
    const leaker = hosts.find(({ kind, replays }) => kind === 'host' && replays?.[0]?.policy.recoverAfter === 2);
    expect(leaker.replays.map(({ policy }: { policy: object }) => policy)).toMatchObject([
      { threshold: 0.9, environment: 'production', prior: 0.03, recoverAfter: 2 },
      { threshold: 0.9, environment: 'production', prior: 0.1, recoverAfter: 2 },
    ]);
  });
});

const OWN = ['--provider', 'aws', '--region', 'eu-west-1', '--account'];
/** The account of the sandbox's own credentials, and one that they are not of. */
const OURS = '000000000000';
const OTHER = '444455556666';

describe('an account that is read with the credentials at hand', () => {
  it.each([['inspect'], ['explain', 'i-1'], ['backtest'], ['doctor']])(
    'is refused by %s where they are of another account, before anything is read',
    async (...command) => {
      sandbox.calls.clear();

      const { code, out, err } = await plimsoll(...command, ...OWN, OTHER);

      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err.replace(/\s+/g, ' ')).toContain(
        `Your AWS credentials are of account ${OURS}, and --account is ${OTHER}. Use those of ${OTHER} ` +
          '(AWS_PROFILE names a profile), name a role of it with --role, or correct --account.',
      );
      expect(sandbox.calls.count('cloudwatch')).toBe(0);
    },
  );

  it('is read where they are its own', async () => {
    const { err } = await plimsoll('inspect', ...OWN, OURS);

    expect(err).toBe('');
    expect(sandbox.calls.count('cloudwatch')).toBeGreaterThan(0);
  });

  it('is read even so where nobody can find out whose they are, with one warning', async () => {
    sandbox.inject({ service: 'sts', kind: 'denied', times: 1 });
    sandbox.calls.clear();

    const { err } = await plimsoll('doctor', ...OWN, OTHER, '--region', 'us-east-1');

    expect(err.replace(/\s+/g, ' ')).toMatch(
      /^warning: it could not be checked that your AWS credentials are of account 444455556666 \(sts:GetCallerIdentity: AccessDenied[^)]*\)\. If they are of another one, what follows is its hosts\.$/,
    );
    expect(sandbox.calls.count('cloudwatch')).toBeGreaterThan(0);
  });

  it('is checked by an STS of its own partition, and by one in our own region where it has ours', async () => {
    sandbox.calls.clear();
    await plimsoll('inspect', '--provider', 'aws', '--account', OURS, '--region', 'ap-south-2');
    await plimsoll('inspect', '--provider', 'aws', '--account', OURS, '--region', 'eusc-de-east-1');

    expect(regionsCalled()).toEqual({
      sts: ['eu-west-1', 'eusc-de-east-1'],
      cloudwatch: ['ap-south-2', 'eusc-de-east-1'],
    });
  });

  it.each([
    [
      'azure',
      '11111111-2222-4333-8444-555555555555',
      'usgovvirginia',
      'a region of Azure Government, which Plimsoll does not read',
    ],
    ['azure', '11111111-2222-4333-8444-555555555555', 'chinaeast2', 'a region of Azure in China (21Vianet), which'],
    [
      'gcp',
      'my-project-123456',
      'u-france-east1',
      'a region of a Google Cloud universe that a partner operates, which',
    ],
  ])(
    'is refused before anybody signs in where it is of another cloud: %s %s %s',
    async (provider, account, region, why) => {
      const { code, out, err } = await plimsoll(
        'inspect',
        '--provider',
        provider,
        '--account',
        account,
        '--region',
        region,
      );

      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err.replace(/\s+/g, ' ')).toContain(`--region ${region}: it is ${why}`);
    },
  );

  it('is refused where the role that is named is of another partition than the region', async () => {
    const gov = ROLE.replace('arn:aws:', 'arn:aws-us-gov:');
    const account = ['--provider', 'aws', '--account', ACCOUNT, '--region', 'eu-west-1', '--role', gov];

    const { code, err } = await plimsoll('inspect', ...account, '--external-id-from-env', 'EXTERNAL_ID');

    expect(code).toBe(1);
    expect(err.replace(/\s+/g, ' ')).toContain(
      'it is of the partition aws-us-gov, and --region eu-west-1 is a region of aws',
    );
  });

  it('is refused where the role that is named is of another one, or no role', async () => {
    const withRole = (role: string) =>
      plimsoll('inspect', ...OWN, OTHER, '--role', role, '--external-id-from-env', 'EXTERNAL_ID');

    expect((await withRole(ROLE)).err).toContain(`it is a role of account ${ACCOUNT}`);
    expect((await withRole('plimsoll-read')).err).toContain('it must be the ARN of a role');
  });
});

describe('plimsoll explain, of an account', () => {
  it('requests the samples of this host alone', async () => {
    sandbox.calls.clear();
    const { code, out } = await plimsoll('explain', instanceId('flat'), '--tenant', 'acme');

    expect(code).toBe(0);
    expect(out).toContain('is steady');
    expect(out.replace(/\s+/g, ' ')).toContain(
      'An inspection also knows weeks of this host and your labels: that is not read here',
    );
    expect(sandbox.calls.metricsQueried()).toBe(1);
  });

  it('explains a host that is not covered', async () => {
    const { code, out } = await plimsoll('explain', instanceId('dark'), '--tenant', 'acme');

    expect(code).toBe(0);
    expect(out).toContain('has no verdict: its memory has never been reported');
  });
});

describe('plimsoll backtest, of an account', () => {
  it('reads each host of a stored tenant once, however many inspections it replays', async () => {
    sandbox.calls.clear();
    const { code, out } = await plimsoll('backtest', '--tenant', 'acme', '--days', '2');

    expect(code).toBe(3);
    expect(out).toContain(instanceId('leaker'));
    expect(out.replace(/\s+/g, ' ')).toContain(
      'Read with 1 GetMetricData, 1 GetResources, 4 ListMetrics; 2 metrics billed, about $0.00002.',
    );
    expect(sandbox.calls.metricsQueried()).toBe(2);
  });

  it('records and publishes nothing', async () => {
    sandbox.calls.clear();
    await plimsoll('backtest', '--tenant', 'acme', '--days', '1');

    const services = new Set(sandbox.calls.calls.map(({ service, action }) => `${service} ${action}`));
    expect(services).not.toContain('dynamodb PutItem');
    expect([...services].filter((call) => call.startsWith('sns'))).toEqual([]);
  });

  it('refuses to replay inspections whose samples CloudWatch no longer has', async () => {
    const { code, err } = await plimsoll('backtest', '--tenant', 'acme', '--days', '60');

    expect(code).toBe(1);
    expect(err.replace(/\s+/g, ' ')).toContain(
      'keeps samples as fine as these for 63 days. With the lookback window before the first inspection it can be replayed ' +
        'from 2026-09-22 16:00 UTC on: give a later --from, or fewer --days.',
    );
  });
});
