import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type PlayedOrganization, startOrganization } from '../../../sandbox/organizations/server.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { aContext } from '../a-context.ts';

const CONFIG = `version: 1
tenant: acme
accounts:
  - provider: aws
    account: '111122223333' # the first
    regions: [eu-west-1]
    role: arn:aws:iam::111122223333:role/plimsoll-read
  - provider: aws
    account: '222233334444'
    regions: [eu-west-1]
    role: arn:aws:iam::222233334444:role/plimsoll-read
`;

const account = (id: string, name: string, state = 'ACTIVE') => ({ id, name, state });
const ORGANIZATION = {
  id: 'r-root',
  accounts: [account('111122223333', 'Payments'), account('222233334444', 'Old shop', 'SUSPENDED')],
  parts: [
    { id: 'ou-root-11111111', accounts: [account('333344445555', 'Web shop'), account('444455556666', 'A sandbox')] },
    { id: 'ou-root-22222222', accounts: [account('555566667777', 'Closed', 'CLOSED')] },
  ],
};

let folder: string;
let sandbox: Sandbox;
let deployment: Deployment;
let organization: PlayedOrganization;
let settings: Disposable;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
});

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  organization = await startOrganization(ORGANIZATION);
  settings = isolatedVariables({ ...deployment.environment, AWS_ENDPOINT_URL_ORGANIZATIONS: organization.endpoint });
});

afterEach(async () => {
  settings[Symbol.dispose]();
  await organization.close();
});

async function aFile(text = CONFIG): Promise<string> {
  const file = join(folder, 'acme.yml');
  await writeFile(file, text);
  return file;
}

async function plimsoll(args: readonly string[], width?: number) {
  const { CONFIGS_TABLE, TOPIC_ARN_PREFIX } = deployment.environment;
  const variables = { PLIMSOLL_CONFIGS_TABLE: CONFIGS_TABLE, PLIMSOLL_TOPIC_ARN_PREFIX: TOPIC_ARN_PREFIX };
  const { context, out, err } = aContext({ variables, ...(width !== undefined && { width }) });
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

describe('plimsoll discover aws', () => {
  it('proposes new and suspended accounts as a patch, with their names, and stores nothing', async () => {
    const file = await aFile();

    const { code, out, err } = await plimsoll(['discover', 'aws', '--file', file, '--exclude', '*sandbox']);

    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toContain(`--- ${file}\n+++ proposed\n`);
    expect(out).toContain('+    enabled: false # SUSPENDED\n');
    expect(out).toContain(
      '+  - provider: aws\n+    account: "333344445555" # Web shop\n+    regions: [eu-west-1]\n+    role: arn:aws:iam::333344445555:role/plimsoll-read\n',
    );
    expect(out).not.toContain('444455556666');
    expect(out).not.toMatch(/^-[^-]/m);
    expect(out).toContain(
      '5 accounts listed below the organization for tenant acme: 1 is in the config, 1 excluded, 1',
    );
    expect(out).toContain(
      'Nothing was stored. Write the config with --output FILE, and put it:\n  npx plimsoll tenants put FILE',
    );
    expect(await readFile(file, 'utf8')).toBe(CONFIG);
  });

  it('writes a config that can be put over the version that it was made for', async () => {
    await plimsoll(['tenants', 'put', await aFile()]);
    const output = join(folder, 'proposed.yml');

    const proposed = await plimsoll(['discover', 'aws', '--tenant', 'acme', '--output', output]);
    const put = await plimsoll(['tenants', 'put', output, '--expect-version', '1']);
    const again = await plimsoll(['discover', 'aws', '--tenant', 'acme']);

    expect(proposed.code).toBe(3);
    expect(proposed.out).toContain(`npx plimsoll tenants put ${output} --expect-version 1`);
    expect(put.out).toContain('stored: tenant acme, version 2');
    expect(parse(await readFile(output, 'utf8')).accounts.map((one: { account: string }) => one.account)).toEqual([
      '111122223333',
      '222233334444',
      '333344445555',
      '444455556666',
    ]);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is proposed.') });
  });

  it('begins the config of a tenant that has none', async () => {
    const args = ['discover', 'aws', '--tenant', 'globex', '--ou', 'ou-root-11111111'];

    const refused = await plimsoll(args);
    const { code, out } = await plimsoll([...args, '--region', 'eu-north-1']);

    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('Name the regions of the new accounts') });
    expect(code).toBe(3);
    expect(out).toContain('+    role: arn:aws:iam::333344445555:role/plimsoll-reader');
    expect(out).toContain('--expect-version 0');
  });

  it('ends with 4 where a unit may not be listed, and proposes what is known', async () => {
    organization.refuse('ou-root-22222222', 'denied');

    const { code, out } = await plimsoll([
      'discover',
      'aws',
      '--ou',
      'r-root',
      '--file',
      await aFile(),
      '--disable-gone',
    ]);

    expect(code).toBe(4);
    expect(out).toContain('not listed: ou-root-22222222: AccessDeniedException');
    expect(out).toContain('account: "333344445555" # Web shop');
  });

  it('ends with 1 where nothing may be listed, and states what it takes', async () => {
    organization.refuse('*', 'denied');

    const { code, out, err } = await plimsoll(['discover', 'aws', '--file', await aFile()]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('the organization cannot be listed: AccessDeniedException');
    expect(err).toContain('organizations:ListAccounts');
  });

  it('keeps what is not listed, and disables it where that is wanted', async () => {
    const file = await aFile();

    const kept = await plimsoll(['discover', 'aws', '--ou', 'ou-root-22222222', '--file', file]);
    const disabled = await plimsoll(['discover', 'aws', '--ou', 'ou-root-22222222', '--file', file, '--disable-gone']);

    expect(kept.code).toBe(0);
    expect(kept.out.replace(/\n +/g, ' ')).toContain(
      '2 of the config not listed: 111122223333, 222233334444. They are gone, or were never below it: they stay as they are (--disable-gone disables them).',
    );
    expect(disabled.code).toBe(3);
    expect(disabled.out.match(/\+ {4}enabled: false # not listed/g)).toHaveLength(2);
  });

  it('prints JSON for programs, with the proposed config at the end', async () => {
    const { code, out } = await plimsoll(['discover', 'aws', '--file', await aFile(), '--json']);

    const lines = out.split('\n').map((line) => JSON.parse(line));
    expect(code).toBe(3);
    expect(lines.map(({ kind, change }) => [kind, change])).toEqual([
      ['account', 'add'],
      ['account', 'add'],
      ['account', 'disable'],
      ['proposal', undefined],
    ]);
    expect(parse(lines.at(-1).config).accounts).toHaveLength(4);
    expect(lines.at(-1)).toMatchObject({
      tenant: 'acme',
      version: null,
      issues: [],
      counts: { listed: 5, inactive: 1 },
    });
  });

  it('fits 80 columns beside the patch', async () => {
    const { out } = await plimsoll(['discover', 'aws', '--file', await aFile()], 80);

    const beside = out.split('\n').filter((line) => !/^[-+ @]/.test(line));
    expect(Math.max(...beside.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it.each([
    [['--tenant', 'acme', '--file', 'acme.yml'], 'Name the regions of the new accounts'],
    [[], 'Name the config to compare with'],
    [['--file', 'none.yml'], 'There is no file none.yml. To begin a new config, add --tenant ID.'],
    [['--file', 'x', '--role', 'arn:aws:iam::{account}:role/admin'], 'begins with plimsoll-'],
  ])('refuses %j', async (args, message) => {
    const { code, err } = await plimsoll(['discover', 'aws', ...args]);

    expect(code).toBe(1);
    expect(err).toContain(message);
  });
});

describe('plimsoll discover, of other clouds', () => {
  it('names what has to be named', async () => {
    const gcp = await plimsoll(['discover', 'gcp', '--file', await aFile()]);
    const azure = await plimsoll(['discover', 'azure', '--file', await aFile()]);

    expect(gcp).toMatchObject({ code: 1, err: expect.stringContaining('--folder NUMBER or --organization NUMBER') });
    expect(azure).toMatchObject({ code: 1, err: expect.stringContaining('--management-group ID') });
  });
});
