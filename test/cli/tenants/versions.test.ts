/** Versions of configs at the prompt: their history, what differs, switches, files, the defaults of all tenants, and deletions. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { callerName } from '../../../cli/caller-name.ts';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { fileNameOf } from '../../../cli/tenants/export.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { anAccount, aTenantConfig, MINUTE, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

const CALLER = /arn:aws:(iam|sts)::\d{12}:\S+/;

let folder: string;
let sandbox: Sandbox;
let deployment: Deployment;
let settings: Disposable;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  sandbox = await startSandbox();
  deployment = await deploy(sandbox);
  settings = isolatedVariables(deployment.environment);
});

afterEach(async () => {
  settings[Symbol.dispose]();
  await sandbox.close();
});

async function plimsoll(args: readonly string[], now = NOON) {
  const { CONFIGS_TABLE, TOPIC_ARN_PREFIX, TABLE, RESULTS_BUCKET } = deployment.environment;
  const variables = {
    PLIMSOLL_CONFIGS_TABLE: CONFIGS_TABLE,
    PLIMSOLL_TOPIC_ARN_PREFIX: TOPIC_ARN_PREFIX,
    PLIMSOLL_TABLE: TABLE,
    PLIMSOLL_RESULTS_BUCKET: RESULTS_BUCKET,
  };
  const { context, out, err } = aContext({ variables, now });
  const code = await run(args, context);
  return { code, out: out(), err: err() };
}

async function aFile(document: unknown, name = 'tenant.yml'): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, stringify(document));
  return file;
}

async function put(overrides: Record<string, unknown> = {}) {
  return plimsoll(['tenants', 'put', await aFile(aTenantConfig(overrides))]);
}

describe('the versions of a config', () => {
  it('are listed with who put them, when, and what they changed', async () => {
    await put();
    await put({ policy: { threshold: 0.8 } });

    const text = await plimsoll(['tenants', 'history', 'acme']);
    const json = await plimsoll(['tenants', 'history', 'acme', '--json']);

    expect(text.out).toContain('2026-11-20 12:00 UTC  root  policy.threshold not set (0.7 by default) → 0.8');
    expect(json.out.split('\n').map((line) => JSON.parse(line))).toEqual([
      {
        version: 2,
        putAt: '2026-11-20T12:00:00.000Z',
        putBy: expect.stringMatching(CALLER),
        change: 'policy.threshold not set (0.7 by default) → 0.8',
      },
      {
        version: 1,
        putAt: '2026-11-20T12:00:00.000Z',
        putBy: expect.stringMatching(CALLER),
        change: 'first version, 1 account',
      },
    ]);
  });

  it.each([
    ['arn:aws:iam::111122223333:user/jane', 'user/jane'],
    ['arn:aws-cn:sts::111122223333:assumed-role/operators/ada', 'operators/ada'],
    [
      'arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Administrator_0123/ada@example.com',
      '…or_0123/ada@example.com',
    ],
    ['somebody', 'somebody'],
    [undefined, 'unknown'],
  ])('name %s by what differs from others', (arn, name) => {
    expect(callerName(arn, 24)).toBe(name);
  });

  it('show nobody where nobody could find out who put them', async () => {
    sandbox.inject({ service: 'sts', action: 'GetCallerIdentity', kind: 'denied' });
    await put();

    expect(JSON.parse((await plimsoll(['tenants', 'history', 'acme', '--json'])).out)).toMatchObject({ putBy: null });
    expect((await plimsoll(['tenants', 'history', 'acme'])).out).toContain('unknown');
  });

  it('are compared with each other', async () => {
    for (const threshold of [0.6, 0.7, 0.8]) await put({ policy: { threshold } });

    expect((await plimsoll(['tenants', 'diff', 'acme'])).out).toContain('-  threshold: 0.7\n+  threshold: 0.8');
    const all = await plimsoll(['tenants', 'diff', 'acme', '--from', '1', '--to', '3']);
    expect(all.out).toContain('-  threshold: 0.6\n+  threshold: 0.8');
    const none = await plimsoll(['tenants', 'diff', 'acme', '--from', '7']);
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('There is no version 7 of tenant acme') });
  });

  it('are shown as a patch to whoever put a stale one', async () => {
    await put({ policy: { threshold: 0.6 } });
    await put({ policy: { threshold: 0.7 } });
    const file = await aFile(aTenantConfig({ policy: { threshold: 0.8 } }));

    const stale = await plimsoll(['tenants', 'put', file, '--expect-version', '1']);

    expect(stale.code).toBe(1);
    expect(stale.err).toContain(
      'What you had is version 1; what is stored now (version 2, put 2026-11-20 12:00 UTC by arn:',
    );
    expect(stale.err).toContain('-  threshold: 0.6\n+  threshold: 0.7');
    expect(stale.err).toContain('Tenant acme is at version 2 by now, so nothing was stored.');
  });

  it('are shown with their schedules before they are put', async () => {
    await put();
    const file = await aFile(aTenantConfig({ accounts: [anAccount({ schedule: { cron: '0 8 * * *' } })] }));

    const { out } = await plimsoll(['tenants', 'put', file, '--dry-run']);

    expect(out).toContain('schedules: 1 changed\n  aws 111122223333  0 * * * * (UTC) → 0 8 * * * (UTC)');
  });
});

describe('a tenant or an account that is switched', () => {
  it('has a new version, and loses its schedules', async () => {
    await put();

    const disabled = await plimsoll(['tenants', 'disable', 'acme', '--account', '111122223333']);
    const again = await plimsoll(['tenants', 'disable', 'acme', '--account', '111122223333']);
    const enabled = await plimsoll(['tenants', 'enable', 'acme', '--account', '111122223333']);

    expect(disabled.out).toContain('disabled: account 111122223333 of tenant acme, version 2');
    expect(disabled.out).toContain('schedules: 1 removed');
    expect(again.out).toBe('unchanged: account 111122223333 of tenant acme is disabled in version 2');
    expect(enabled.out).toContain('version 3');
  });

  it('is refused where there is none', async () => {
    await put();

    expect((await plimsoll(['tenants', 'disable', 'beta'])).err).toContain('There is no tenant beta.');
    expect((await plimsoll(['tenants', 'disable', 'acme', '--account', '9'])).err).toContain('has no account 9');
    expect((await plimsoll(['tenants', 'disable', 'acme', '--provider', 'aws'])).err).toContain('belongs to --account');
  });
});

describe('a config that is exported', () => {
  it.each(['out.json', 'out.yml'])('is the same when %s is put again', async (name) => {
    await put({ name: 'Ärger & Söhne', policy: { threshold: 0.8 }, hosts: { exclude: [{ labels: { a: '0123' } }] } });
    const file = join(folder, name);

    const written = await plimsoll(['tenants', 'export', 'acme', '--output', file]);
    const again = await plimsoll(['tenants', 'put', file]);

    expect(written.out).toBe(`written: ${file}, version 1 of tenant acme`);
    expect(again.out).toContain('unchanged: tenant acme is at version 1 with this config');
  });

  it('goes to a file that is named after it, and overwrites none', async () => {
    await put({ name: 'Acme: shop/web' });
    const before = process.cwd();
    const empty = await mkdtemp(join(folder, 'empty-'));
    process.chdir(empty);
    try {
      expect((await plimsoll(['tenants', 'export', 'acme'])).out).toContain('written: Acme-shop-web.json');
      expect((await plimsoll(['tenants', 'export', 'acme'])).err).toContain(
        'There is a file Acme-shop-web.json already.',
      );
    } finally {
      process.chdir(before);
    }
    expect(await readdir(empty)).toEqual(['Acme-shop-web.json']);
    expect(JSON.parse(await readFile(join(empty, 'Acme-shop-web.json'), 'utf8'))).toMatchObject({ tenant: 'acme' });
  });

  it.each([
    ['../../etc/passwd', 'etc-passwd'],
    ['..', 'acme'],
    ['CON', 'acme'],
    ['', 'acme'],
    ['日本'.repeat(40), 'acme'],
    ['日本', '日本'],
    ['.hidden', 'hidden'],
    ['Acme Ltd', 'Acme-Ltd'],
    ["$(rm -rf ~); 'x' & y", 'rm--rf-x-y'],
  ])('has a safe file name for %j', (name, expected) => {
    expect(fileNameOf({ ...aTenantConfig(), name })).toBe(expected);
  });
});

describe('plimsoll config', () => {
  it('stores the defaults of all tenants, and shows what changed', async () => {
    const file = await aFile({ version: 1, policy: { threshold: 0.8 } }, 'defaults.yml');

    const none = await plimsoll(['config', 'defaults', 'get']);
    const dry = await plimsoll(['config', 'defaults', 'put', file, '--dry-run']);
    const stored = await plimsoll(['config', 'defaults', 'put', file]);
    const again = await plimsoll(['config', 'defaults', 'put', file]);
    const got = await plimsoll(['config', 'defaults', 'get']);

    expect(none.err).toContain('the deployment has no defaults of its own');
    expect(dry.out).toContain('nothing was stored; version 1 of the defaults would be:');
    expect(stored.out).toContain('stored: version 1 of the defaults of all tenants');
    expect(again.out).toBe('unchanged: the defaults are at version 1 with this content');
    expect(got.out).toBe('version: 1\npolicy:\n  threshold: 0.8');
    expect(got.err).toMatch(CALLER);
  });

  it('names the values that tenants set themselves when defaults are put', async () => {
    await put({ policy: { threshold: 0.75 } });
    const file = await aFile({ version: 1, policy: { threshold: 0.8, prior: 0.05 } }, 'defaults.yml');

    const dry = await plimsoll(['config', 'defaults', 'put', file, '--dry-run']);
    const stored = await plimsoll(['config', 'defaults', 'put', file]);

    for (const { err } of [dry, stored])
      expect(err.replace(/\s+/g, ' ')).toBe(
        'note: 1 tenant (acme) sets threshold in the config, which goes before the defaults',
      );
  });

  it('refuses defaults that are wrong, or that rest on an older version', async () => {
    const wrong = await aFile({ version: 1, policy: { treshold: 0.8 } }, 'defaults.yml');
    const misplaced = await aFile({ version: 1, threshold: 0.8 }, 'misplaced.yml');
    expect((await plimsoll(['config', 'defaults', 'put', wrong])).err).toContain(
      'The document of defaults is not valid:\n  policy.treshold: unknown field (line 3). Did you mean threshold?',
    );
    expect((await plimsoll(['config', 'defaults', 'put', misplaced])).err).toContain(
      'threshold: unknown field (line 2). It belongs under `policy`',
    );
    for (const threshold of [0.6, 0.7])
      await plimsoll(['config', 'defaults', 'put', await aFile({ version: 1, policy: { threshold } }, 'defaults.yml')]);

    const file = await aFile({ version: 1, policy: { threshold: 0.8 } }, 'defaults.yml');
    const stale = await plimsoll(['config', 'defaults', 'put', file, '--expect-version', '1']);

    expect(stale.code).toBe(1);
    expect(stale.err).toContain('-  threshold: 0.6\n+  threshold: 0.7');
    expect(stale.err).toContain('The defaults are at version 2 by now');
  });

  it('shows every value of a host with its origin', async () => {
    const defaults = await aFile({ version: 1, policy: { prior: 0.05 } }, 'defaults.yml');
    await plimsoll(['config', 'defaults', 'put', defaults]);
    const groupPolicies = [{ group: 'web-*', policy: { environment: 'production' } }];
    await put({
      cadence: 'adaptive',
      costCap: { usdPerMonth: 50 },
      policy: { threshold: 0.75 },
      groupPolicies,
      hostPolicies: [{ labels: { tier: 'db' }, policy: { recoverAfter: 8 } }],
    });

    const text = await plimsoll(['config', 'effective', 'i-1', '--tenant', 'acme', '--group', 'web-blue']);
    const labelled = ['--label', 'tier=db', '--group', 'batch', '--name', 'x', '--json'];
    const json = await plimsoll(['config', 'effective', 'i-1', '--tenant', 'acme', ...labelled]);

    expect(text.out).toMatch(/environment +production +tenant acme, group web-\*/);
    expect(text.out).toMatch(/prior +0\.05 +defaults of the deployment/);
    expect(text.out).toContain(
      'Schedule: 0 * * * * (UTC). Cadence: adaptive (tenant acme).\nCost cap: $50.00 a month.',
    );
    expect(text.out).toContain('A finding needs a confidence of 0.90');
    expect(text.err.replace(/\s+/g, ' ')).toContain('rules also look at the label tier');
    expect(json.err).toBe('');
    expect(JSON.parse(json.out)).toMatchObject({
      tenant: 'acme',
      account: '111122223333',
      inspected: true,
      schedule: { cron: '0 * * * *', timezone: 'UTC' },
      cadence: 'adaptive',
      costCap: { usdPerMonth: 50 },
      requiredConfidence: 0.75,
    });
    expect(JSON.parse(json.out).values).toContainEqual({
      name: 'recoverAfter',
      value: 8,
      origin: { level: 'host', text: 'tenant acme, host label.tier=db' },
    });
  });

  it('asks which account is meant, and states that a host is left out', async () => {
    const role = 'arn:aws:iam::222233334444:role/plimsoll-reader';
    const accounts = [anAccount(), anAccount({ account: '222233334444', role, regions: ['us-east-1'] })];
    await put({ accounts, hosts: { exclude: [{ id: 'i-1' }] } });
    const effective = (...args: string[]) => plimsoll(['config', 'effective', 'i-1', '--tenant', 'acme', ...args]);

    expect((await effective()).err).toContain('Tenant acme has 2 such accounts');
    expect((await effective('--region', 'mars-1')).err).toContain('Tenant acme has no region mars-1.');
    expect((await effective('--region', 'us-east-1')).out).toContain(
      'It is not inspected: the rules under `hosts` leave it out.',
    );
  });
});

describe('a config with alerts that do nothing', () => {
  const WARNING = 'warning: alerts.shadow.until: ended at 2020-01-01T00:00:00Z, and everything is sent since.';

  it('is stored with a warning, which is shown with its effective values too', async () => {
    const result = await put({ alerts: { shadow: { until: '2020-01-01T00:00:00Z' } } });
    const effective = await plimsoll(['config', 'effective', 'i-1', '--tenant', 'acme']);

    expect(result.code).toBe(0);
    for (const { err } of [result, effective]) expect(err.replace(/\s+/g, ' ')).toContain(WARNING);
  });
});

describe('a tenant whose deletion has begun', () => {
  const FINISH = 'npx plimsoll tenants delete acme --confirm acme';
  const flat = (text: string) => text.replace(/\s+/g, ' ');

  it('is shown as such, with who began it and how it is finished', async () => {
    await put();
    await plimsoll(['tenants', 'delete', 'acme', '--confirm', 'acme'], NOON + MINUTE);

    const list = await plimsoll(['tenants', 'list']);
    const json = await plimsoll(['tenants', 'list', '--json']);
    const history = await plimsoll(['tenants', 'history', 'acme', '--json']);
    const status = await plimsoll(['status', 'acme']);
    const results = await plimsoll(['results', 'acme']);
    const preview = await plimsoll(['tenants', 'delete', 'acme']);

    expect(list.out).toContain('being deleted');
    for (const { err } of [list, status, results]) {
      expect(flat(err)).toContain(
        'Tenant acme is being deleted since 2026-11-20 12:01 UTC: its incidents and its runs',
      );
      expect(flat(err)).toContain(`Finish it after 2026-11-20 12:16 UTC with ${FINISH}`);
    }
    const times = { begunAt: '2026-11-20T12:01:00.000Z', disabledAt: '2026-11-20T12:01:00.000Z' };
    expect(JSON.parse(json.out)).toMatchObject({ deletion: times });
    expect(JSON.parse(history.out.split('\n')[0] ?? '')).toMatchObject({
      change: 'deletion began; enabled true → false',
      putBy: expect.stringMatching(CALLER),
    });
    expect(status.out).toMatch(/^being deleted {2}/m);
    expect(status.out).not.toContain('nothing was inspected on schedule yet');
    expect(preview).toMatchObject({ code: 0, err: '' });
    expect(preview.out).toContain('Tenant acme is being deleted since 2026-11-20 12:01 UTC');
  });

  it('is neither put nor enabled without a word, and kept where that is stated', async () => {
    await put();
    await plimsoll(['tenants', 'delete', 'acme', '--confirm', 'acme']);
    const file = await aFile(aTenantConfig());

    const refused = [await put(), await plimsoll(['tenants', 'put', file, '--dry-run'])];
    const enabled = await plimsoll(['tenants', 'enable', 'acme']);
    const kept = await plimsoll(['tenants', 'put', file, '--stop-deletion']);
    const list = await plimsoll(['tenants', 'list']);

    for (const { code, err } of refused) {
      expect(code).toBe(1);
      expect(flat(err)).toContain(
        'Nothing was stored. To keep the tenant, without what is deleted, add --stop-deletion.',
      );
    }
    expect(enabled).toMatchObject({ code: 1, out: '', err: expect.stringContaining(FINISH) });
    expect(kept.out).toContain('stored: tenant acme, version 3');
    expect(list).toMatchObject({ err: '', out: expect.stringMatching(/acme .* yes /) });
  });
});

describe('a deleted tenant', () => {
  it('keeps its id until its results are removed', async () => {
    await put();
    const remove = (args: string[] = [], minutes = 15) =>
      plimsoll(['tenants', 'delete', 'acme', ...args, '--confirm', 'acme'], NOON + minutes * MINUTE);
    await plimsoll(['tenants', 'delete', 'acme', '--confirm', 'acme']);

    const deleted = await remove();
    const refused = await put();
    const shown = await plimsoll(['tenants', 'delete', 'acme']);
    const purged = await remove(['--purge-results'], 44);
    const held = await put();
    const again = await remove(['--purge-results'], 45);
    const taken = await put();

    expect(deleted.out).toContain(
      'Its results are kept until 2026-12-20 12:15 UTC, and nobody can take the id before.',
    );
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('its results are kept until 2026-12-20 12:15 UTC');
    expect(refused.err).toContain('npx plimsoll tenants delete acme --purge-results --confirm acme');
    expect(shown.out).toContain('There is no config of tenant acme: it was deleted at 2026-11-20 12:15 UTC.');
    expect(purged.out).toContain('removed its results (no objects); a merge that was under way may still write some');
    expect(purged.out).toContain('run the same command again after 2026-11-20 12:45 UTC:');
    expect(held.err).toContain('its results are kept until 2026-11-20 12:45 UTC');
    expect(again.out).toContain('removed its results (no objects); the id acme is free');
    expect(taken.out).toContain('stored: tenant acme, version 1');
  });
});
