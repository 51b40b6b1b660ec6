/** The calls that infra/onboarding/azure.sh makes, recorded by a stand-in for az. */
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { audienceFor } from '../../adapters/azure/credentials.ts';
import { azureAccountSchema } from '../../core/model/azure-account.ts';
import { type Arguments, type Provider, runPrinted, runScript, type ScriptRun } from './onboarding-script.ts';

const SUBSCRIPTION = '0a1b2c3d-1111-4222-8333-444455556666';
const CENTRAL = '9a1b2c3d-9999-4222-8333-444455556666';
const DIRECTORY = '0a1b2c3d-4444-4222-8333-444455556666';
const CLIENT = '0a1b2c3d-5555-4222-8333-444455556666';
const PRINCIPAL = '0a1b2c3d-7777-4222-8333-444455556666';
const WORKSPACE = `/subscriptions/${CENTRAL}/resourceGroups/logs/providers/Microsoft.OperationalInsights/workspaces/central`;
const ID = 'plimsoll-0b5c1d2e-1111-4222-8333-444455556666';
const NAME = 'plimsoll-prod-acme-0b5c1d2e';
const OPTIONS = {
  '--subscription': SUBSCRIPTION,
  '--issuer': 'https://0b5c1d2e.tokens.sts.global.api.aws',
  '--function-role': 'arn:aws:iam::111122223333:role/plimsoll-prod-InspectAzureRole-1A2B3C',
  '--stage': 'prod',
  '--tenant': 'acme',
  '--external-id': ID,
};

/** A directory where nothing of Plimsoll's is there, and one where all of it is. */
const SIGNED_IN = `'account show'*) echo ${DIRECTORY} ;;\n'monitor log-analytics'*) echo 0a1b2c3d-8888-4222-8333-444455556666 ;;`;
const EMPTY = `${SIGNED_IN}\n'ad app create'*) echo ${CLIENT} ;;\n'ad sp create'*) echo ${PRINCIPAL} ;;`;
const COMPLETE = `${SIGNED_IN}
'ad app list'*) echo ${CLIENT} ;;
'ad sp list'*) echo ${PRINCIPAL} ;;
*'federated-credential list'*) echo plimsoll ;;
'role definition list'* | 'role assignment list'*) echo there ;;`;

function az(answers: string): Provider {
  const changes = (call: string) => / (create|update|delete|set) /.test(call);
  return { script: 'azure.sh', command: 'az', answers, changes };
}

function onboard({ answers = EMPTY, options = {} }: { answers?: string; options?: Arguments } = {}) {
  return runScript(az(answers), { ...OPTIONS, ...options });
}

const roleSchema = z.strictObject({
  Name: z.string(),
  IsCustom: z.literal(true),
  Description: z.string(),
  Actions: z.array(z.string()),
  AssignableScopes: z.array(z.string()),
});

/** The roles that were defined, and where. */
function rolesOf({ calls }: ScriptRun) {
  return calls
    .filter((call) => call.includes('--role-definition'))
    .map((call) => ({
      in: flagOf(call, '--subscription'),
      ...roleSchema.parse(JSON.parse(flagOf(call, '--role-definition'))),
    }));
}

function flagOf(call: readonly string[], flag: string): string {
  return call[call.indexOf(flag) + 1] ?? '';
}

/** Calls that begin like this. */
function callsOf({ calls }: ScriptRun, ...words: readonly string[]) {
  return calls.filter((call) => words.every((word, index) => call[index] === word));
}

describe('the onboarding of an Azure subscription', () => {
  it('lets the function in for one tenant only, by the audience of the token that the credentials request from AWS', async () => {
    const outcome = await onboard();

    const [call = []] = callsOf(outcome, 'ad', 'app', 'federated-credential', 'create');
    expect(flagOf(call, '--id')).toBe(CLIENT);
    expect(JSON.parse(flagOf(call, '--parameters'))).toEqual({
      name: 'plimsoll',
      issuer: OPTIONS['--issuer'],
      subject: OPTIONS['--function-role'],
      audiences: [audienceFor(ID)],
    });
  });

  it('grants rights to read, one by one, on the subscription', async () => {
    const outcome = await onboard();

    const [role, ...others] = rolesOf(outcome);
    const [assigned = []] = callsOf(outcome, 'role', 'assignment', 'create');
    expect(others).toEqual([]);
    expect(role?.Actions).toContain('Microsoft.Insights/Metrics/Read');
    expect(role?.Actions.every((action) => /^Microsoft\.[\w./]+\/read$/i.test(action))).toBe(true);
    expect(role?.AssignableScopes).toEqual([`/subscriptions/${SUBSCRIPTION}`]);
    expect(flagOf(assigned, '--role')).toBe(role?.Name);
    expect(flagOf(assigned, '--assignee-object-id')).toBe(PRINCIPAL);
  });

  it('grants four tables of a workspace, in the subscription of the workspace', async () => {
    const outcome = await onboard({ options: { '--workspace': WORKSPACE } });

    const role = rolesOf(outcome)[1];
    const tables = role?.Actions.filter((action) => /\/query\/\w+\/read$/.test(action));
    const assigned = callsOf(outcome, 'role', 'assignment', 'create')[1] ?? [];
    expect(tables?.map((action) => action.split('/').at(-2))).toEqual([
      'Perf',
      'InsightsMetrics',
      'KubePodInventory',
      'KubeNodeInventory',
    ]);
    expect(role).toMatchObject({ in: CENTRAL, AssignableScopes: [`/subscriptions/${CENTRAL}`] });
    expect(flagOf(assigned, '--scope')).toBe(WORKSPACE);
    expect(flagOf(assigned, '--subscription')).toBe(CENTRAL);
  });

  it('ends with the account for the tenant’s config', async () => {
    const { code, stdout } = await onboard({
      options: { '--workspace': WORKSPACE, '--subscription': SUBSCRIPTION.toUpperCase() },
    });

    const accounts = z.array(azureAccountSchema).parse(parse(stdout));
    expect(code).toBe(0);
    expect(accounts).toMatchObject([
      {
        account: SUBSCRIPTION,
        directory: DIRECTORY,
        client: CLIENT,
        workspace: '0a1b2c3d-8888-4222-8333-444455556666',
      },
    ]);
  });

  it('brings up to date what is there, and makes nothing a second time', async () => {
    const outcome = await onboard({ answers: COMPLETE, options: { '--workspace': WORKSPACE } });

    const verbs = outcome.changes.map((call) => call.split(' --')[0]);
    expect(verbs).toEqual([
      'ad app federated-credential update',
      'role definition update',
      'role assignment create',
      'role definition update',
      'role assignment create',
    ]);
  });

  it('leaves the default subscription what it is, and names its own wherever az takes one', async () => {
    const { calls } = await onboard({ options: { '--workspace': WORKSPACE } });

    const ofSubscriptions = calls.filter(([group]) => group === 'role');
    expect(calls.filter(([, verb]) => verb === 'set')).toEqual([]);
    expect(ofSubscriptions.every((call) => call.includes('--subscription'))).toBe(true);
  });
});

describe('the application of an Azure directory', () => {
  it('is looked for by its exact name', async () => {
    const outcome = await onboard();

    const [call = []] = callsOf(outcome, 'ad', 'app', 'list');
    expect(flagOf(call, '--filter')).toBe(`displayName eq '${NAME}'`);
    expect(call).not.toContain('--display-name');
  });

  it('is not chosen among several of the same name', async () => {
    const answers = `${SIGNED_IN}\n'ad app list'*) echo ${CLIENT}; echo ${PRINCIPAL} ;;`;
    const { code, stderr, changes } = await onboard({ answers });

    expect({ code, changes }).toEqual({ code: 1, changes: [] });
    expect(stderr).toContain(`There are several applications named ${NAME}: ${CLIENT} ${PRINCIPAL}`);
  });

  it.each<[string, Arguments]>([
    ['tenant', { '--tenant': 'beta', '--external-id': ID.replace('0b5c', '1111') }],
    ['stage', { '--stage': 'dev', '--external-id': ID.replace('0b5c', '2222') }],
    ['deployment with the same names', { '--external-id': ID.replace('0b5c', '3333') }],
  ])('is another one, with roles of its own, for another %s', async (_, options) => {
    const outcome = await onboard({ options });

    const [created = []] = callsOf(outcome, 'ad', 'app', 'create');
    expect(flagOf(created, '--display-name')).not.toBe(NAME);
    expect(outcome.calls.flat().join('\n')).not.toContain(NAME);
  });

  it('is shared by the subscriptions of a tenant, each with a role of its own', async () => {
    const one = await onboard({ answers: COMPLETE });
    const other = await onboard({ answers: COMPLETE, options: { '--subscription': CENTRAL } });

    expect(rolesOf(other)[0]?.Name).not.toBe(rolesOf(one)[0]?.Name);
    expect(parse(other.stdout)).toMatchObject([{ client: CLIENT }]);
  });

  it.each([
    [
      'the default subscription',
      `'account show --query'*) echo 0a1b2c3d-0000-4222-8333-444455556666 ;;`,
      'az login --tenant',
    ],
    [
      'the workspace',
      `*'${CENTRAL} --query tenantId'*) echo 0a1b2c3d-0000-4222-8333-444455556666 ;;`,
      'The workspace is not',
    ],
  ])('is not made where %s belongs to another directory', async (_, answer, message) => {
    const { code, stderr, changes } = await onboard({
      answers: `${answer}\n${EMPTY}`,
      options: { '--workspace': WORKSPACE },
    });

    expect({ code, changes }).toEqual({ code: 1, changes: [] });
    expect(stderr).toContain(message);
  });
});

describe('the onboarding of an Azure subscription that does not go at once', () => {
  const fails = (message: string, times: number) =>
    `'role assignment create'*) (($(grep -c "^role.assignment.create" "$notes") > ${times})) || { echo '${message}' >&2; exit 1; } ;;\n${EMPTY}`;

  it('waits while Azure does not know everywhere what was just made', async () => {
    const { code, waits } = await onboard({ answers: fails('(PrincipalNotFound) Principal x', 2) });

    expect({ code, waits }).toEqual({ code: 0, waits: [5, 10] });
  });

  it('gives up after a while, with the answer of Azure', async () => {
    const { code, stdout, stderr, waits } = await onboard({ answers: fails('Role x does not exist.', 99) });

    expect({ code, stdout, waits }).toEqual({ code: 1, stdout: '', waits: [5, 10, 15, 20, 25] });
    expect(stderr).toContain('Role x does not exist.');
  });

  it('does not wait for a right that will not come', async () => {
    const { code, stderr, waits } = await onboard({ answers: fails('(AuthorizationFailed) The client', 99) });

    expect({ code, waits }).toEqual({ code: 1, waits: [] });
    expect(stderr).toContain('(AuthorizationFailed)');
  });

  it.each(['account show', 'ad app create', 'ad sp create'])('stops where `az %s` fails', async (call) => {
    const { code, stdout, calls } = await onboard({ answers: `'${call}'*) echo no >&2; exit 1 ;;\n${EMPTY}` });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(calls.at(-1)?.join(' ')).toMatch(new RegExp(`^${call}`));
  });
});

describe('the flags of azure.sh', () => {
  const REMOVED = [
    `role assignment delete --subscription ${SUBSCRIPTION} --role ${NAME} ${SUBSCRIPTION} --scope /subscriptions/${SUBSCRIPTION}`,
    `role definition delete --subscription ${SUBSCRIPTION} --name ${NAME} ${SUBSCRIPTION} --scope /subscriptions/${SUBSCRIPTION} --custom-role-only true`,
  ];

  it('shows with --dry-run the very commands that it would run, and runs none', async () => {
    const options = { '--workspace': WORKSPACE };
    const shown = await onboard({ options: { ...options, '--dry-run': '' } });
    const real = await onboard({ options });

    const printed = shown.stdout.replaceAll(' CLIENT ', ` ${CLIENT} `).replaceAll(' PRINCIPAL ', ` ${PRINCIPAL} `);
    expect(shown).toMatchObject({ code: 0, changes: [] });
    expect((await runPrinted(az(EMPTY), printed)).changes).toEqual(real.changes);
  });

  it('takes the rights on the subscription away with --undo, and lists what is left', async () => {
    const { code, changes, stderr } = await onboard({ answers: COMPLETE, options: { '--undo': '' } });

    expect({ code, changes }).toEqual({ code: 0, changes: REMOVED });
    expect(stderr).toContain(`Left as it is: the application ${NAME}`);
  });

  it('removes with --undo --application all that it made', async () => {
    const { code, changes } = await onboard({
      answers: COMPLETE,
      options: { '--workspace': WORKSPACE, '--undo': '', '--application': '' },
    });

    expect(code).toBe(0);
    expect(changes.slice(0, 2)).toEqual(REMOVED);
    expect(changes[2]).toBe(
      `role assignment delete --subscription ${CENTRAL} --role ${NAME} logs ${CENTRAL} logs central --scope ${WORKSPACE}`,
    );
    expect(changes.at(-1)).toBe(`ad app delete --id ${CLIENT}`);
  });

  it('has nothing to undo where nothing was made', async () => {
    const { code, changes } = await onboard({ options: { '--undo': '', '--application': '' } });

    expect({ code, changes }).toEqual({ code: 0, changes: [] });
  });

  it('explains itself with --help', async () => {
    const { code, stdout, stderr } = await runScript(az(''), { '--help': '' });

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const word of [...Object.keys(OPTIONS), '--workspace', '--dry-run', '--undo', 'User Access Administrator']) {
      expect(stdout).toContain(word);
    }
  });

  it.each([
    ['--subscription', 'my subscription', '--subscription is "my subscription", and has to be'],
    ['--issuer', 'http://x', '--issuer is "http://x", and has to be an address that begins with https://'],
    ['--issuer', 'https://x", "subject": "y', '--issuer is'],
    ['--function-role', 'arn:aws:iam::111122223333:user/x', '--function-role is'],
    ['--external-id', 'acme', '`plimsoll tenants external-id`'],
    ['--workspace', CENTRAL, '--workspace is'],
    ['--application', '', '--application belongs to --undo'],
    ['--functionrole', 'x', 'There is no flag --functionrole'],
    ['--workspace', '', '--workspace needs a value'],
  ])('refuses %s %s with the reason', async (option, value, why) => {
    const { [option]: _, ...others }: Arguments = OPTIONS;
    const { code, stderr, calls } = await runScript(az(EMPTY), { ...others, [option]: value });

    expect({ code, calls }).toEqual({ code: 2, calls: [] });
    expect(stderr).toContain(why);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('names the flag that is missing', async () => {
    const { code, stderr } = await runScript(az(EMPTY), { '--subscription': SUBSCRIPTION });

    expect(code).toBe(2);
    expect(stderr).toContain('--issuer is missing');
  });

  it('names what to install where az is missing', async () => {
    const { code, stderr } = await runScript({ ...az(''), installed: false }, OPTIONS);

    expect(code).toBe(1);
    expect(stderr).toContain('az is not installed, or not on the PATH. Install it first: https://');
  });
});
