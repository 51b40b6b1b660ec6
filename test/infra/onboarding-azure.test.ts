/** What infra/onboarding/azure.sh asks the provider's command line for, with a stand-in that writes down what it was asked. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { audienceFor } from '../../adapters/azure-credentials.ts';
import { azureAccountSchema } from '../../model/azure-account.ts';

const SCRIPT = join(import.meta.dirname, '../../infra/onboarding/azure.sh');
const SUBSCRIPTION = '0A1B2C3D-1111-4222-8333-444455556666';
const WORKSPACE = `/subscriptions/${SUBSCRIPTION}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/w`;

/** Answers as if nothing were there yet; keeps the arguments, and the files that they name. */
const STAND_IN = `#!/usr/bin/env bash
echo "$*" >> "$ASKED/calls"
for argument; do [[ -f $argument ]] && cp "$argument" "$ASKED/$(date +%s%N).json"; done
case "$*" in
  'account show'*) echo 0a1b2c3d-4444-4222-8333-444455556666 ;;
  'ad app create'*) echo 0a1b2c3d-5555-4222-8333-444455556666 ;;
  'monitor log-analytics'*) echo 0a1b2c3d-9999-4222-8333-444455556666 ;;
  'ad sp show'* | *'federated-credential show'*) exit 1 ;;
esac
`;

const roleSchema = z.strictObject({
  Name: z.string(),
  IsCustom: z.literal(true),
  Description: z.string(),
  Actions: z.array(z.string()),
  AssignableScopes: z.array(z.string()),
});

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plimsoll-onboarding-'));
  await writeFile(join(folder, 'az'), STAND_IN, { mode: 0o755 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function onboard(...more: readonly string[]) {
  const named = ['--subscription', SUBSCRIPTION, '--issuer', 'https://id.tokens.sts.global.api.aws'];
  const role = ['--function-role', 'arn:aws:iam::111122223333:role/plimsoll', '--external-id', 'of-acme'];
  const env = { PATH: `${folder}:${process.env['PATH']}`, ASKED: folder };
  const { stdout } = await promisify(execFile)('bash', [SCRIPT, ...named, ...role, ...more], { env });
  const calls = (await readFile(join(folder, 'calls'), 'utf8')).trimEnd().split('\n');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  const documents: unknown[] = [];
  for (const name of files) documents.push(JSON.parse(await readFile(join(folder, name), 'utf8')));
  return { stdout, calls, documents };
}

describe('the onboarding of an Azure subscription', () => {
  it('lets the function in for one tenant only, by the audience that the credentials ask AWS for', async () => {
    const { documents } = await onboard();

    expect(documents[0]).toEqual({
      name: 'plimsoll',
      issuer: 'https://id.tokens.sts.global.api.aws',
      subject: 'arn:aws:iam::111122223333:role/plimsoll',
      audiences: [audienceFor('of-acme')],
    });
  });

  it('grants rights to read, one by one, on the subscription', async () => {
    const { calls, documents } = await onboard();

    const { Actions, AssignableScopes } = roleSchema.parse(documents[1]);
    expect(documents).toHaveLength(2);
    expect(Actions).toContain('Microsoft.Insights/Metrics/Read');
    expect(Actions.every((action) => /^Microsoft\.[\w./]+\/read$/i.test(action))).toBe(true);
    expect(AssignableScopes).toEqual([`/subscriptions/${SUBSCRIPTION}`]);
    expect(calls.filter((call) => call.startsWith('role assignment create'))).toHaveLength(1);
  });

  it('grants two tables of a workspace where there is one', async () => {
    const { calls, documents } = await onboard('--workspace', WORKSPACE);

    const { Actions } = roleSchema.parse(documents[2]);
    const tables = Actions.filter((action) => /\/query\/\w+\/read$/.test(action));
    expect(tables.map((action) => action.split('/').at(-2))).toEqual(['Perf', 'KubePodInventory']);
    expect(calls.filter((call) => call.startsWith('role assignment create')).at(-1)).toContain(WORKSPACE);
  });

  it('ends with the account for the tenant’s config', async () => {
    const { stdout } = await onboard('--workspace', WORKSPACE);

    const accounts = z.array(azureAccountSchema).parse(parse(stdout));
    expect(accounts).toMatchObject([
      {
        account: SUBSCRIPTION.toLowerCase(),
        directory: '0a1b2c3d-4444-4222-8333-444455556666',
        client: '0a1b2c3d-5555-4222-8333-444455556666',
        workspace: '0a1b2c3d-9999-4222-8333-444455556666',
      },
    ]);
  });

  it('says how it is used when it is called without what it needs', async () => {
    const called = promisify(execFile)('bash', [SCRIPT, '--subscription', SUBSCRIPTION]);

    await expect(called).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('--external-id') });
  });
});
