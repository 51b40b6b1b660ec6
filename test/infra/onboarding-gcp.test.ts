/** What infra/onboarding/gcp.sh asks gcloud for, seen by a gcloud that only takes notes. */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { tenantConfigSchema } from '../../model/tenant.ts';

const SCRIPT = join(import.meta.dirname, '../../infra/onboarding/gcp.sh');
const OPTIONS = {
  '--project': 'shop-123456',
  '--aws-account': '111122223333',
  '--session-role': 'plimsoll-prod-gcp-session',
  '--external-id': 'plimsoll-0b5c',
};
const SESSION = 'arn:aws:sts::111122223333:assumed-role/plimsoll-prod-gcp-session/plimsoll-0b5c';

/** Runs the script in a project where nothing of Plimsoll's is there, or all of it. */
async function onboard({
  options = {},
  existing = false,
}: {
  options?: Record<string, string>;
  existing?: boolean;
} = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-gcloud-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const gcloud = join(folder, 'gcloud');
  await writeFile(
    gcloud,
    `#!/usr/bin/env bash
printf '%s\\n' "$*" >>"${folder}/calls"
case "$*" in
  'projects describe'*) echo 123456789012 ;;
  *' describe '*) exit ${existing ? 0 : 1} ;;
esac
`,
  );
  await chmod(gcloud, 0o755);
  const args = Object.entries({ ...OPTIONS, ...options }).flat();
  const { stdout } = await promisify(execFile)('bash', [SCRIPT, ...args], {
    env: { PATH: `${folder}:${process.env['PATH']}` },
  });
  const calls = (await readFile(join(folder, 'calls'), 'utf8')).trimEnd().split('\n');
  return { stdout, changes: calls.filter((call) => !call.includes(' describe ')) };
}

describe('the onboarding of a Google Cloud project', () => {
  it('prints an account that a tenant’s config takes as it is', async () => {
    const { stdout } = await onboard();

    const config = tenantConfigSchema.parse({ version: 1, tenant: 'acme', accounts: parse(stdout) });

    expect(config.accounts).toMatchObject([{ provider: 'gcp', account: 'shop-123456' }]);
  });

  it('lets in the sessions of one tenant of Plimsoll and nobody else', async () => {
    const { changes } = await onboard();

    const provider = changes.find((call) => call.includes('providers create-aws'));
    const binding = changes.find((call) => call.includes('roles/iam.workloadIdentityUser'));
    expect(provider).toContain(`--account-id=111122223333`);
    expect(provider).toContain(`--attribute-condition=assertion.arn == '${SESSION}'`);
    expect(binding).toContain(
      `--member=principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/plimsoll/subject/${SESSION}`,
    );
  });

  it('gives the right to read metrics and no other', async () => {
    const { changes } = await onboard();

    const granted = changes
      .filter((call) => call.includes('--permissions='))
      .map((call) => /--permissions=(\S+)/.exec(call)?.[1]);
    const roles = changes
      .filter((call) => call.includes('add-iam-policy-binding'))
      .map((call) => /--role=(\S+)/.exec(call)?.[1]);
    expect(granted).toEqual(['monitoring.timeSeries.list']);
    expect(roles).toEqual(['roles/iam.workloadIdentityUser', 'projects/shop-123456/roles/plimsollReader']);
  });

  it('makes nothing a second time', async () => {
    const { changes } = await onboard({ existing: true });

    expect(changes.filter((call) => / create(-aws)? /.test(call))).toEqual([]);
  });

  it.each([
    ['--external-id', "x' || true || assertion.arn == 'x"],
    ['--session-role', "role' || 'a' == 'a"],
    ['--aws-account', '1111'],
    ['--external-id', ''],
  ])('refuses %s %s', async (option, value) => {
    await expect(onboard({ options: { [option]: value } })).rejects.toMatchObject({ code: 2 });
  });
});
