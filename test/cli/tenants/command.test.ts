import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isolatedVariables } from '../../../cli/environment.ts';
import { run } from '../../../cli/main.ts';
import { type Deployment, deploy } from '../../../sandbox/deployment.ts';
import { type Sandbox, startSandbox } from '../../../sandbox/sandbox.ts';
import { MINUTE, NOON } from '../../fixtures/builders.ts';
import { aContext } from '../a-context.ts';

const VALID = `version: 1
tenant: acme
accounts:
  - provider: aws
    account: '111122223333'
    regions: [eu-west-1]
    role: arn:aws:iam::111122223333:role/plimsoll-read
`;

const FIVE_ERRORS = `version: 1
tenant: Acme
polcy: {}
accounts:
  - provider: aws
    account: 111122223333
    regions: [Ireland]
    role: arn:aws:iam::999999999999:role/plimsoll-read
    schedule: { timezone: Middle Earth }
`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function aFile(text: string): Promise<string> {
  const file = join(folder, 'tenant.yml');
  await writeFile(file, text);
  return file;
}

async function plimsoll(args: readonly string[], variables: Record<string, string> = {}, now = NOON) {
  const { context, out, err } = aContext({ variables, now });
  const code = await run(['tenants', ...args], context);
  return { code, out: out(), err: err() };
}

/** The template as somebody leaves it who replaces what has to be replaced, and nothing else. */
function edited(template: string): string {
  return template
    .replaceAll('your-project-id', 'my-project-123456')
    .replaceAll('100000000000', '123456789012')
    .replaceAll(/(?<!0)0{12}(?!0)(?=['":])/g, '111122223333')
    .replaceAll('00000000-0000-0000-0000-000000000000', '11111111-2222-4333-8444-555555555555')
    .replaceAll('prometheus.your-domain.example', 'prometheus.example.com');
}

describe('plimsoll tenants, without credentials', () => {
  it('refuses a template that nobody has edited, and names what to write', async () => {
    const template = await plimsoll(['template', '--provider', 'aws']);

    const { code, err } = await plimsoll(['validate', await aFile(template.out)]);

    expect(code).toBe(1);
    expect(err).toContain(
      'accounts[0].account: 000000000000 stands in the template for the 12 digits of the account: write your own (line 55)',
    );
  });

  it('prints a template that is valid once its placeholders are replaced', async () => {
    const template = await plimsoll(['template']);
    const file = await aFile(edited(template.out));

    expect(await plimsoll(['validate', file])).toEqual({
      code: 0,
      out: 'valid: tenant acme with 5 accounts',
      err: '',
    });
  });

  it.each([
    ['aws', 'plimsoll-reader', 'infra/onboarding/aws.yml'],
    ['gcp', 'pool: plimsoll-prod-acme-0b5c1d2e\n', 'infra/onboarding/gcp.sh'],
    ['azure', 'client: ', 'infra/onboarding/azure.sh'],
  ])('prints a template of an account of %s, with the names that its onboarding gives', async (cloud, name, made) => {
    const template = await plimsoll(['template', '--provider', cloud]);
    const validated = await plimsoll(['validate', await aFile(edited(template.out))]);

    expect(parse(template.out).accounts).toMatchObject([{ provider: cloud }]);
    expect(template.out).toContain(name);
    expect(template.out).toContain(made);
    expect(validated).toEqual({ code: 0, out: 'valid: tenant acme with 1 account', err: '' });
  });

  it.each(['aws', 'gcp', 'azure', 'prometheus', 'otlp'])(
    'prints a template of an account of %s whose comments about jobs are valid as well',
    async (provider) => {
      const template = edited((await plimsoll(['template', '--provider', provider])).out);
      const [comments = ''] = /^ {4}# anomalies:\n(?: {4}#.*(?:\n|$))+/m.exec(template) ?? [];
      const active = template.replace(comments, comments.replaceAll(/^ {4}# /gm, '    '));

      const validated = await plimsoll(['validate', await aFile(active)]);

      expect(parse(active).accounts[0]).toMatchObject({ provider, anomalies: [{ cycle: 'day' }] });
      expect(validated).toEqual({ code: 0, out: 'valid: tenant acme with 1 account', err: '' });
    },
  );

  it('finds the config of the README valid, with an account of each cloud', async () => {
    const readme = await readFile(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const [, config = ''] = /```yaml\n(version: 1\n.*?)```/s.exec(readme) ?? [];

    expect(await plimsoll(['validate', await aFile(config)])).toEqual({
      code: 0,
      out: 'valid: tenant acme with 3 accounts',
      err: '',
    });
  });

  it('prints a template whose comments about alerts are valid as well', async () => {
    const template = (await plimsoll(['template'])).out;
    const [comments = ''] = /^# alerts:\n(#.*\n)+/m.exec(template) ?? [];
    const file = await aFile(edited(template.replace(comments, comments.replaceAll(/^# /gm, ''))));

    const { code, err } = await plimsoll(['validate', file]);

    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(comments).toContain('\n#   digest: { every: week,');
  });

  it('calls the role as the onboarding of AWS does', async () => {
    const [{ role }] = parse((await plimsoll(['template', '--provider', 'aws'])).out).accounts;
    const onboarding = await readFile(join(import.meta.dirname, '../../../infra/onboarding/aws.yml'), 'utf8');

    expect(onboarding).toContain(`Default: ${role.split('/')[1]}\n`);
  });

  it('warns of regions that nobody knows, and of another project’s service account, and refuses neither', async () => {
    const template = (await plimsoll(['template'])).out;
    const malformed = edited(template)
      .replace('[eu-west-1]', '[eu-wst-9]')
      .replace('[europe-west1]', '[europe-west77]')
      .replace('[westeurope]', '[westeuropa]')
      .replace('@my-project-123456', '@metrics-654321');

    const { code, out, err } = await plimsoll(['validate', await aFile(malformed)]);

    expect({ code, out }).toEqual({ code: 0, out: 'valid: tenant acme with 5 accounts' });
    const said = err.replace(/\n {2}/g, ' ').split('\n');
    expect(said).toEqual([
      expect.stringMatching(
        /^warning: accounts\[0\]\.regions\[0\]: eu-wst-9 was no region of AWS in .* Did you mean eu-west-\d\?$/,
      ),
      expect.stringMatching(
        /^warning: accounts\[1\]\.regions\[0\]: europe-west77 was no region of Google Cloud .* europe-west\d\?$/,
      ),
      expect.stringMatching(
        /^warning: accounts\[1\]\.identity\.serviceAccount: it is of project metrics-654321, which is right /,
      ),
      expect.stringMatching(
        /^warning: accounts\[2\]\.regions\[0\]: westeuropa was no region of Azure .* westeurope\?$/,
      ),
    ]);
  });

  it('takes a region of the European Sovereign Cloud, and warns who can assume its role', async () => {
    const sovereign = VALID.replace('eu-west-1', 'eusc-de-east-1').replace('arn:aws:', 'arn:aws-eusc:');
    const file = await aFile(sovereign);

    const { code, out, err } = await plimsoll(['validate', file]);

    expect({ code, out }).toEqual({ code: 0, out: 'valid: tenant acme with 1 account' });
    expect(err.replace(/\n {2}/g, ' ')).toBe(
      'warning: accounts[0].role: it is of the partition aws-eusc. Only a Plimsoll that is deployed in aws-eusc can assume it.',
    );
    expect((await plimsoll(['validate', file], { AWS_REGION: 'eusc-de-east-1' })).err).toBe('');
    expect((await plimsoll(['validate', file], { AWS_REGION: 'cn-north-1' })).err.replace(/\n {2}/g, ' ')).toContain(
      'it is of the partition aws-eusc, and cn-north-1 (AWS_REGION) is of aws-cn. Only',
    );
  });

  it.each([
    ['0 */6 * * *', true],
    ['0 */4 * * *', true],
    ['0 8-18 * * *', false],
    ['0 * * * *', false],
  ])('warns of an adaptive cadence where %s leaves nothing to save: %s', async (cron, warns) => {
    const file = await aFile(`${VALID}    schedule: { cron: '${cron}' }\ncadence: adaptive\n`);

    const { code, err } = await plimsoll(['validate', file]);

    expect(code).toBe(0);
    expect(err.includes('accounts[0].schedule: it is due every 4 hours or less often')).toBe(warns);
  });

  it('warns that a deployment elsewhere cannot assume a role of the public partition', async () => {
    const { code, err } = await plimsoll(['validate', await aFile(VALID)], { AWS_REGION: 'us-gov-west-1' });

    expect(code).toBe(0);
    expect(err.replace(/\n {2}/g, ' ')).toContain(
      'it is of the partition aws, and us-gov-west-1 (AWS_REGION) is of aws-us-gov.',
    );
  });

  it.each([
    ['regions: [eusc-de-east-1]', 'role: is of the partition aws, and eusc-de-east-1 is a region of aws-eusc'],
    ['regions: [us-gov-west-1]', 'role: is of the partition aws, and us-gov-west-1 is a region of aws-us-gov'],
  ])('refuses a region that is none of the role’s partition, with its line: %s', async (regions, issue) => {
    const { code, out, err } = await plimsoll([
      'validate',
      await aFile(VALID.replace('regions: [eu-west-1]', regions)),
    ]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err.replace(/\n {4}/g, ' ')).toContain(
      `accounts[0].${issue}: a role reads regions of its own partition alone (line 7)`,
    );
  });

  it('refuses a region of Azure Government, and states why nothing can be read there', async () => {
    const template = (await plimsoll(['template', '--provider', 'azure'])).out;

    const { code, out, err } = await plimsoll([
      'validate',
      await aFile(template.replace('westeurope', 'usgovvirginia')),
    ]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('usgovvirginia is a region of Azure Government, which Plimsoll does not read');
    expect(err).not.toContain('was no region');
  });

  it('prints the JSON Schema of a config', async () => {
    const { out } = await plimsoll(['schema']);

    expect(JSON.parse(out)).toMatchObject({ type: 'object', required: ['version', 'tenant', 'accounts'] });
  });

  it('names an expression of PromQL that no server takes', async () => {
    const server = `  - provider: prometheus
    account: main
    url: https://prometheus.example.com
    queries: [{ kind: machine, used: 'rate(app_memory_bytes)', labels: { id: [instance] } }]
`;

    const { code, err } = await plimsoll(['validate', await aFile(`${VALID}${server}`)]);

    expect(code).not.toBe(0);
    expect(err).toContain('accounts[1].queries[0].used: needs a range of samples in rate(app_memory_bytes)');
  });

  it('names every wrong field with its path, its line, and what was probably meant', async () => {
    const { code, out, err } = await plimsoll(['validate', await aFile(FIVE_ERRORS)]);

    expect({ code, out }).toEqual({ code: 1, out: '' });
    for (const issue of [
      'tenant: must be 1 to 40 lower case letters, digits and inner dashes (line 2)',
      'polcy: unknown field (line 3). Did you mean policy?',
      'accounts[0].account: must be text: put the 12 digits in quotes (line 6)',
      'accounts[0].regions[0]: must be an AWS region, for example eu-west-1 (line 7)',
      'accounts[0].schedule.timezone: must be an IANA time zone, for example Europe/Berlin (line 9)',
    ]) {
      expect(err).toContain(`\n  ${issue}`);
    }
    expect(err.split('\n')).toHaveLength(6);
  });

  it('finds the line of a field whose name has a dot and a colon in it', async () => {
    const { err } = await plimsoll([
      'validate',
      await aFile(`version: 1\ntenant: acme\n'pol.icy: x': 1\naccounts: []\n`),
    ]);

    expect(err).toContain('\n  pol.icy: x: unknown field (line 3)');
  });

  it.each([
    ['tenant: [', 'line 1: '],
    [
      'tenant: acme\n  name: x',
      'line 1: the value that begins here has a colon in it: is the next line indented too far',
    ],
    ['tenant: acme\nname: Acme: shop', 'line 2: the value that begins here has a colon in it'],
    ['# nothing\n', 'it is empty'],
    ['tenant: a\ntenant: b', 'line 2: names a field a second time'],
    [
      'a: &a [1]\nb: &b [*a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]',
      'alias',
    ],
  ])('names the line where %j stops being a document', async (text, message) => {
    const { code, err } = await plimsoll(['validate', await aFile(text)]);

    expect(code).toBe(1);
    expect(err).toContain(message);
  });

  it('explains why a file cannot be read', async () => {
    expect((await plimsoll(['validate', join(folder, 'none.yml')])).err).toContain('there is no such file');
    expect((await plimsoll(['validate', folder])).err).toContain('it is a folder');
    expect((await plimsoll(['validate', process.execPath])).err).toMatch(/no config\.$/);
    const file = await aFile('\0\x7fELF');
    expect((await plimsoll(['validate', file])).err).toContain('is no text in UTF-8: a config is YAML or JSON.');
  });

  it('takes JSON as well', async () => {
    const file = await aFile(JSON.stringify(parse(VALID)));

    expect((await plimsoll(['validate', file])).code).toBe(0);
  });

  it('names the missing variable before it calls any cloud', async () => {
    expect((await plimsoll(['list'])).err).toContain('PLIMSOLL_CONFIGS_TABLE is not set');
    expect((await plimsoll(['put', await aFile(VALID)])).err).toContain('PLIMSOLL_CONFIGS_TABLE is not set');
  });
});

describe('plimsoll tenants, against a deployment', () => {
  let sandbox: Sandbox;
  let deployment: Deployment;
  let settings: Disposable;
  let variables: Record<string, string>;

  beforeEach(async () => {
    sandbox = await startSandbox();
    deployment = await deploy(sandbox);
    settings = isolatedVariables(deployment.environment);
    const { CONFIGS_TABLE, TOPIC_ARN_PREFIX } = deployment.environment;
    variables = { PLIMSOLL_CONFIGS_TABLE: CONFIGS_TABLE, PLIMSOLL_TOPIC_ARN_PREFIX: TOPIC_ARN_PREFIX };
  });

  afterEach(async () => {
    settings[Symbol.dispose]();
    await sandbox.close();
  });

  it('puts a tenant and prints what its roles have to trust', async () => {
    const { code, out } = await plimsoll(['put', await aFile(VALID)], variables);

    expect(code).toBe(0);
    expect(out).toContain('stored: tenant acme, version 1');
    expect(out).toContain(`topic        ${deployment.environment.TOPIC_ARN_PREFIX}acme`);
    expect(out).toMatch(/external id {2}plimsoll-[0-9a-f-]{36}/);
  });

  it('keeps the external id when a tenant is put again', async () => {
    const file = await aFile(VALID);
    const idOf = (out: string) => /plimsoll-[0-9a-f-]{36}/.exec(out)?.[0];
    const first = await plimsoll(['put', file], variables);
    const second = await plimsoll(['put', await aFile(`${VALID}enabled: false\n`)], variables);

    expect(second.out).toContain('version 2');
    expect(idOf(second.out)).toBe(idOf(first.out));
  });

  it('prints the next steps of a new tenant, filled in for its clouds and the deployment', async () => {
    const { TABLE, CONFIGS_TABLE, TOPIC_ARN_PREFIX } = deployment.environment;
    sandbox.putStack('plimsoll-prod', {
      TableName: TABLE,
      ConfigsTableName: CONFIGS_TABLE,
      TopicArnPrefix: TOPIC_ARN_PREFIX,
    });
    const google = edited((await plimsoll(['template', '--provider', 'gcp'])).out).replace(
      'tenant: acme',
      'tenant: globex',
    );

    const aws = await plimsoll(['put', await aFile(VALID), '--stage', 'prod']);
    const gcp = await plimsoll(['put', await aFile(google), '--stage', 'prod']);

    expect(aws.out).toContain('"sts:ExternalId": "plimsoll-');
    expect(aws.out).toContain('npx plimsoll doctor --tenant acme --stage prod\n');
    expect(aws.out).toContain(`aws sns subscribe --topic-arn ${TOPIC_ARN_PREFIX}acme --protocol email`);
    expect(aws.out).toContain('npx plimsoll invoke acme --stage prod --wait\n');
    expect(aws.out).toContain('npx plimsoll status acme --stage prod');
    expect(aws.out).toContain('next run     2026-11-20 13:00 UTC');
    expect(gcp.out).not.toContain('sts:ExternalId');
    expect(gcp.out).toContain('npx plimsoll invoke globex --stage prod --wait\n');
  });

  it('shows what a new version changes, and nothing of it is in the way of a script', async () => {
    await plimsoll(['put', await aFile(VALID)], variables);

    const { code, out } = await plimsoll(['put', await aFile(VALID.replace('[eu-west-1]', '[eu-west-2]'))], variables);

    expect(code).toBe(0);
    expect(out).toContain('stored: tenant acme, version 2');
    expect(out).toContain('-      - eu-west-1\n+      - eu-west-2');
    expect(out).not.toContain('Next:');
  });

  it('states what an added account has to trust, and how to try it', async () => {
    await plimsoll(['put', await aFile(VALID)], variables);
    const second = `  - provider: aws
    account: '222233334444'
    regions: [eu-west-1]
    role: arn:aws:iam::222233334444:role/plimsoll-read
`;

    const { out } = await plimsoll(['put', await aFile(VALID + second)], variables);

    expect(out).toMatch(/The role of each added AWS account must trust the external id plimsoll-[0-9a-f-]{36}:/);
    expect(out).toContain('npx plimsoll doctor --tenant acme --account 222233334444');
    expect(out).not.toContain('--account 111122223333');
  });

  it('stores nothing where a config is unchanged', async () => {
    await plimsoll(['put', await aFile(VALID)], variables);

    const { code, out } = await plimsoll(['put', await aFile(VALID)], variables);
    const listed = await plimsoll(['list', '--json'], variables);

    expect({ code, out }).toMatchObject({
      code: 0,
      out: expect.stringContaining('unchanged: tenant acme is at version 1'),
    });
    expect(JSON.parse(listed.out)).toMatchObject({ version: 1 });
  });

  it('stores nothing in a dry run, and shows what would change', async () => {
    await plimsoll(['put', await aFile(VALID)], variables);
    const changed = `${VALID}enabled: false\n`;

    const dry = await plimsoll(['put', await aFile(changed), '--dry-run'], variables);
    const stale = await plimsoll(['put', await aFile(changed), '--dry-run', '--expect-version', '7'], variables);
    const same = await plimsoll(['put', await aFile(VALID), '--dry-run'], variables);

    expect(dry.out).toContain('nothing was stored; version 2 of tenant acme would be:');
    expect(dry.out).toContain('-enabled: true\n+enabled: false');
    expect(stale).toMatchObject({ code: 1, err: expect.stringContaining('Tenant acme is at version 1 by now') });
    expect(same.out).toBe('unchanged: tenant acme is at version 1 with this config');
    expect(JSON.parse((await plimsoll(['list', '--json'], variables)).out)).toMatchObject({ version: 1 });
  });

  it('deletes a tenant that is named twice, and shows before what would go', async () => {
    const all = { ...variables, PLIMSOLL_TABLE: deployment.environment.TABLE };
    await plimsoll(['put', await aFile(VALID)], all);

    const shown = await plimsoll(['delete', 'acme'], all);
    const mistaken = await plimsoll(['delete', 'acme', '--confirm', 'acm'], all);
    const kept = await plimsoll(['list'], all);
    const disabled = await plimsoll(['delete', 'acme', '--confirm', 'acme'], all);
    const deleted = await plimsoll(['delete', 'acme', '--confirm', 'acme'], all, NOON + 15 * MINUTE);
    const again = await plimsoll(['delete', 'acme', '--confirm', 'acme'], all);

    expect(shown).toMatchObject({ code: 0, err: '' });
    expect(shown.out).toContain('Tenant acme (1 account, 1 version) would be deleted:\n  schedules: within a minute\n');
    expect(shown.out).toMatch(
      /Nothing was deleted. To delete it:\n {2}npx plimsoll tenants delete acme --confirm acme$/,
    );
    expect(mistaken).toMatchObject({ code: 1, out: '' });
    expect(mistaken.err).toContain('--confirm acm is not acme: nothing was deleted.');
    expect(kept.out).toContain('acme');
    expect(disabled.code).toBe(0);
    expect(disabled.out).toMatch(/^disabled: tenant acme[\s\S]* again after 2026-\S+ 12:15 UTC/);
    expect(disabled.out).toContain('npx plimsoll tenants delete acme --confirm acme');
    expect(deleted).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^deleted: tenant acme\nIts results are kept until /),
    });
    expect(again).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^there was no config of tenant acme; what else there may have been of it is gone, its external id included\n/,
      ),
    });
    expect((await plimsoll(['list'], all)).out).toContain('There is no tenant yet');
  });

  it('makes the external id before there is a config, and keeps it for that', async () => {
    const first = await plimsoll(['external-id', 'acme'], variables);
    const again = await plimsoll(['external-id', 'acme'], variables);
    const listed = await plimsoll(['list'], variables);
    const put = await plimsoll(['put', await aFile(VALID)], variables);

    expect(first).toMatchObject({ code: 0, err: '' });
    expect(first.out).toMatch(/^plimsoll-[0-9a-f-]{36}$/);
    expect(again.out).toBe(first.out);
    expect(listed.out).toContain('There is no tenant yet');
    expect(put.out).toContain(`external id  ${first.out}`);
  });

  it('copies the configs of the first version into their own table, and nothing twice', async () => {
    const { TABLE } = deployment.environment;
    const old = { ...variables, PLIMSOLL_CONFIGS_TABLE: TABLE };
    const put = await plimsoll(['put', await aFile(VALID)], old);

    const first = await plimsoll(['migrate'], { ...variables, PLIMSOLL_TABLE: TABLE });
    const again = await plimsoll(['migrate'], { ...variables, PLIMSOLL_TABLE: TABLE });
    const externalId = await plimsoll(['external-id', 'acme'], variables);

    expect(first).toMatchObject({ code: 0, out: 'copied 1 version of 1 tenant; the old items stay' });
    expect(again.out).toBe('copied no versions of 1 tenant; the old items stay');
    expect(put.out).toContain(externalId.out);
  });

  it('reserves nothing for what cannot be the id of a tenant', async () => {
    const { code, err } = await plimsoll(['external-id', 'Acme'], variables);

    expect(code).toBe(1);
    expect(err).toContain('must be 1 to 40 lower case letters, digits and inner dashes');
  });

  it('stores nothing of a config that is wrong', async () => {
    const { code } = await plimsoll(['put', await aFile(FIVE_ERRORS)], variables);

    expect(code).toBe(1);
    expect((await plimsoll(['list'], variables)).out).toContain('There is no tenant yet');
  });

  it('refuses to put over a version that the caller has not seen', async () => {
    const file = await aFile(VALID);
    await plimsoll(['put', file, '--expect-version', '0'], variables);
    const { code, err } = await plimsoll(['put', file, '--expect-version', '0'], variables);

    expect(code).toBe(1);
    expect(err).toContain('Tenant acme is at version 1 by now, so nothing was stored.');
  });

  it('prints a config that can be put again, and what belongs to it on stderr', async () => {
    await plimsoll(['put', await aFile(VALID)], variables);
    const { out, err } = await plimsoll(['get', 'acme'], variables);
    const json = await plimsoll(['get', 'acme', '--format', 'json'], variables);

    expect(err).toMatch(/^# version 1, put 2026-11-20 12:00 UTC, external id plimsoll-/);
    expect(parse(out)).toEqual(JSON.parse(json.out));
    expect((await plimsoll(['put', await aFile(out)], variables)).out).toContain(
      'unchanged: tenant acme is at version 1',
    );
  });

  it('prints an earlier version', async () => {
    await plimsoll(['put', await aFile(VALID)], variables);
    await plimsoll(['put', await aFile(VALID.replace('tenant: acme', 'tenant: acme\nname: Acme Ltd'))], variables);

    expect((await plimsoll(['get', 'acme'], variables)).out).toContain('name: Acme Ltd');
    expect((await plimsoll(['get', 'acme', '--version', '1'], variables)).out).not.toContain('Acme Ltd');
  });

  it('states that there is no such tenant or version', async () => {
    expect((await plimsoll(['get', 'beta'], variables)).err).toContain('There is no tenant beta.');
    await plimsoll(['put', await aFile(VALID)], variables);
    expect((await plimsoll(['get', 'acme', '--version', '7'], variables)).err).toContain(
      'There is no version 7 of tenant acme: its only version is 1.',
    );
  });

  it('explains that no region is set, and not that it may work later', async () => {
    delete process.env['AWS_REGION'];
    const { code, err } = await plimsoll(['get', 'acme'], variables);

    expect(code).toBe(1);
    expect(err).toMatch(
      /^error: Could not read tenant acme from table \S+: no AWS region is set\.\nSet AWS_REGION to the region that Plimsoll was deployed to\.$/,
    );
  });

  it('lists tenants for people and for programs', async () => {
    await plimsoll(['put', await aFile(VALID)], variables);
    await plimsoll(['put', await aFile(VALID.replace('acme', 'beta'))], variables);
    const list = await plimsoll(['list'], variables);
    const json = await plimsoll(['list', '--json'], variables);

    expect(list.out.split('\n').map((line) => line.split(' ')[0])).toEqual(['tenant', 'acme', 'beta']);
    expect(json.out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
      { config: { tenant: 'acme' }, version: 1, putAt: '2026-11-20T12:00:00.000Z' },
      { config: { tenant: 'beta' } },
    ]);
  });

  it('reports that the table cannot be reached, without a stack trace', async () => {
    const { code, err } = await plimsoll(['list'], { ...variables, PLIMSOLL_CONFIGS_TABLE: 'another' });

    expect(code).toBe(1);
    expect(err).toMatch(/^error: Could not read the list of tenants from table another: /);
    expect(err).not.toContain('    at ');
  });
});
