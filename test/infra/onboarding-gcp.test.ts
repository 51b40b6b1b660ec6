/** The calls that infra/onboarding/gcp.sh makes, recorded by a stand-in for gcloud. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { gcpAccountSchema } from '../../core/model/gcp-account.ts';
import { tenantConfigSchema } from '../../core/model/tenant.ts';
import { type Arguments, type Provider, runPrinted, runScript } from './onboarding-script.ts';

const ID = 'plimsoll-0b5c1d2e-1111-4222-8333-444455556666';
const OPTIONS = {
  '--project': 'shop-123456',
  '--aws-account': '111122223333',
  '--stage': 'prod',
  '--tenant': 'acme',
  '--external-id': ID,
};
const NAME = 'plimsoll-prod-acme-0b5c1d2e';
const ACCOUNT = `${NAME}@shop-123456.iam.gserviceaccount.com`;
const SESSION = `arn:aws:sts::111122223333:assumed-role/plimsoll-prod-gcp-session/${ID}`;

const NUMBER = `'projects describe'*) echo 123456789012 ;;`;
/** A project where nothing of Plimsoll's is there, one where all of it is, and one where it was and is deleted. */
const EMPTY = `${NUMBER}\n*' describe '*) exit 1 ;;`;
const COMPLETE = `${NUMBER}\n*' describe '*) echo ACTIVE ;;\n*get-iam-policy*) echo projects/shop-123456/roles/plimsollReader ;;`;
const DELETED = `${NUMBER}\n*'service-accounts describe '*) exit 1 ;;\n*' describe '*) echo DELETED ;;`;

function gcloud(answers: string): Provider {
  const changes = (call: string) => !/ describe | get-iam-policy /.test(call);
  return { script: 'gcp.sh', command: 'gcloud', answers, changes };
}

function onboard({ answers = EMPTY, options = {} }: { answers?: string; options?: Arguments } = {}) {
  return runScript(gcloud(answers), { ...OPTIONS, ...options });
}

function identityOf(stdout: string) {
  const [account] = z.array(gcpAccountSchema).length(1).parse(parse(stdout));
  if (account === undefined) throw new Error('no account was printed');
  return account.identity;
}

describe('the onboarding of a Google Cloud project', () => {
  it('prints an account that a tenant’s config takes as it is', async () => {
    const { code, stdout } = await onboard();

    const config = tenantConfigSchema.parse({ version: 1, tenant: 'acme', accounts: parse(stdout) });
    expect(code).toBe(0);
    expect(config.accounts).toMatchObject([
      { provider: 'gcp', account: 'shop-123456', identity: { pool: NAME, serviceAccount: ACCOUNT } },
    ]);
  });

  it('lets in the sessions of one tenant of Plimsoll and nobody else', async () => {
    const { changes } = await onboard();

    const provider = changes.find((call) => call.includes('providers create-aws'));
    const binding = changes.find((call) => call.includes('roles/iam.workloadIdentityUser'));
    expect(provider).toContain(`--account-id=111122223333`);
    expect(provider).toContain(`--attribute-condition=assertion.arn == '${SESSION}'`);
    expect(binding).toContain(
      `--member=principal://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/${NAME}/subject/${SESSION}`,
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
    const { changes } = await onboard({ answers: COMPLETE });

    expect(changes.filter((call) => / (create|create-aws|undelete) /.test(call))).toEqual([]);
  });

  it('brings back what was removed less than 30 days ago, because its name cannot be used again', async () => {
    const { changes } = await onboard({ answers: DELETED });

    expect(
      changes.filter((call) => call.includes('workload-identity-pools')).map((call) => call.split(' --')[0]),
    ).toEqual([
      `iam workload-identity-pools undelete ${NAME}`,
      'iam workload-identity-pools providers undelete plimsoll-aws',
      'iam workload-identity-pools providers update-aws plimsoll-aws',
    ]);
  });
});

describe('a second tenant or stage of a Google Cloud project', () => {
  const LONG = 'a-tenant-with-a-name-of-forty-characters';

  it.each<[string, Arguments, Arguments]>([
    ['tenant', {}, { '--tenant': 'beta', '--external-id': ID.replace('0b5c', '1111') }],
    ['stage', {}, { '--stage': 'dev', '--external-id': ID.replace('0b5c', '2222') }],
    ['deployment with the same names', {}, { '--external-id': ID.replace('0b5c', '3333') }],
    [
      'name that begins like a long one',
      { '--tenant': LONG.slice(0, 40) },
      { '--tenant': LONG.slice(0, 39), '--external-id': ID.replace('0b5c', '4444') },
    ],
  ])('gets a trust of its own beside the first: another %s', async (_, ones, others) => {
    const one = identityOf((await onboard({ options: ones })).stdout);
    const { stdout, changes } = await onboard({ options: others });

    const other = identityOf(stdout);
    expect(other.pool).not.toBe(one.pool);
    expect(other.serviceAccount).not.toBe(one.serviceAccount);
    expect(changes.join('\n')).not.toContain(one.pool);
  });
});

describe('the onboarding of a Google Cloud project that does not go at once', () => {
  const fails = (message: string, times: number) =>
    `*service-accounts' add-iam-policy-binding'*) (($(grep -c service-accounts.*add-iam "$notes") > ${times})) || { echo '${message}' >&2; exit 1; } ;;\n${EMPTY}`;

  it('waits while Google does not know everywhere what was just made', async () => {
    const { code, stdout, waits } = await onboard({
      answers: fails('NOT_FOUND: Service account x does not exist.', 2),
    });

    expect({ code, waits }).toEqual({ code: 0, waits: [5, 10] });
    expect(parse(stdout)).toHaveLength(1);
  });

  it('gives up after a while, with the answer of Google', async () => {
    const { code, stdout, stderr, waits } = await onboard({ answers: fails('ERROR: it does not exist', 99) });

    expect({ code, stdout, waits }).toEqual({ code: 1, stdout: '', waits: [5, 10, 15, 20, 25] });
    expect(stderr).toContain('ERROR: it does not exist');
  });

  it('does not wait for a right that will not come', async () => {
    const { code, stderr, waits } = await onboard({ answers: fails('PERMISSION_DENIED: you may not', 99) });

    expect({ code, waits }).toEqual({ code: 1, waits: [] });
    expect(stderr).toContain('PERMISSION_DENIED: you may not');
  });

  it('changes nothing where nobody is signed in', async () => {
    const { code, changes } = await onboard({ answers: '*) exit 1 ;;' });

    expect({ code, changes }).toEqual({ code: 1, changes: [] });
  });
});

describe('the flags of gcp.sh', () => {
  it('shows with --dry-run the very commands that it would run, and runs none', async () => {
    const shown = await onboard({ options: { '--dry-run': '' } });
    const real = await onboard();

    expect(shown).toMatchObject({ code: 0, changes: [] });
    expect((await runPrinted(gcloud(EMPTY), shown.stdout)).changes).toEqual(real.changes);
  });

  it('removes with --undo what it made, and leaves the role that others use', async () => {
    const { code, changes } = await onboard({ answers: COMPLETE, options: { '--undo': '' } });

    const role = 'projects/shop-123456/roles/plimsollReader';
    const project = '--project=shop-123456 --quiet';
    expect(code).toBe(0);
    expect(changes).toEqual([
      `projects remove-iam-policy-binding shop-123456 --role=${role} --member=serviceAccount:${ACCOUNT} --condition=None ${project}`,
      `iam service-accounts delete ${ACCOUNT} ${project}`,
      `iam workload-identity-pools delete ${NAME} --location=global ${project}`,
    ]);
  });

  it('has nothing to undo where nothing was made', async () => {
    const { code, changes } = await onboard({ options: { '--undo': '' } });

    expect({ code, changes }).toEqual({ code: 0, changes: [] });
  });

  it('explains itself with --help, and names the roles that it takes to run it', async () => {
    const { code, stdout, stderr } = await runScript(gcloud(''), { '--help': '' });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of [...Object.keys(OPTIONS), '--dry-run', '--undo', 'roles/serviceusage.serviceUsageAdmin']) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    ['--external-id', "x' || true || assertion.arn == 'x", '--external-id is "x\' ||'],
    ['--external-id', 'plimsoll-acme', '`plimsoll tenants external-id`'],
    ['--aws-account', '1111', '--aws-account is "1111", and has to be the 12 digits'],
    ['--project', '123456789012', 'not its number'],
    ['--stage', 'a'.repeat(30), '--stage is too long'],
    ['--tenant', 'Acme', '--tenant is "Acme"'],
    ['--sesion-role', 'x', 'There is no flag --sesion-role'],
    ['--project', '', '--project needs a value'],
  ])('refuses %s %s with the reason', async (option, value, why) => {
    const { [option]: _, ...others }: Arguments = OPTIONS;
    const { code, stderr, calls } = await runScript(gcloud(EMPTY), { ...others, [option]: value });

    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(stderr).toContain(why);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names the flag that is missing', async () => {
    const { code, stderr } = await runScript(gcloud(EMPTY), { '--project': 'shop-123456' });

    expect(code).toBe(2);
    expect(stderr).toContain('--aws-account is missing: the 12 digits of an AWS account');
  });

  it('names what to install where gcloud is missing', async () => {
    const { code, stderr } = await runScript({ ...gcloud(''), installed: false }, OPTIONS);

    expect(code).toBe(1);
    expect(stderr).toContain('gcloud is not installed, or not on the PATH. Install it first: https://');
  });
});
