/** `plimsoll access`: lists, gives and takes back roles. What is changed is in the tenant's audit log, as by the API. */
import { grantSubject } from '../../api/audit-subjects.ts';
import { formatMinute } from '../../core/messages/times.ts';
import type { Role } from '../../core/model/audit.ts';
import { type Grant, grantSchema } from '../../core/model/grant.ts';
import { describeIssues, parseInput } from '../../core/model/issues.ts';
import { isoText } from '../../core/model/notation.ts';
import { callerName, UNKNOWN_CALLER } from '../caller-name.ts';
import type { CommandContext } from '../context.ts';
import { deletionText } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { logged } from '../logged-change.ts';
import { type Column, renderTable } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { callerArn, openAccessStore, openConfigStore } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';

export interface AccessOptions extends DeploymentOptions {
  readonly tenant: string;
  readonly json?: boolean;
}

export interface RevokeOptions extends AccessOptions {
  readonly issuer: string;
  readonly subject?: string;
  readonly group?: string;
}

export interface GrantOptions extends RevokeOptions {
  readonly role: Role;
}

export async function listAccess(
  { tenant, json }: AccessOptions,
  { environment, terminal }: CommandContext,
): Promise<ExitCode> {
  const grants = await openAccessStore(environment).ofTenant(tenant);
  if (json) for (const grant of grants) terminal.printJson(JSON.stringify(jsonOf(grant)));
  else if (grants.length > 0) terminal.print(renderTable(grants, COLUMNS, tableOptions(terminal)));
  else terminal.print(`nobody has a role for tenant ${tenant}: only whom IAM lets invoke the API may use it`);
  return EXIT.clean;
}

/** Throws `UsageError` where there is no such tenant, or what is given names nobody. */
export async function grantAccess(options: GrantOptions, context: CommandContext): Promise<ExitCode> {
  const { environment, terminal, now } = context;
  const { tenant, role } = options;
  const grantee = granteeOf(options);
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(options));
  const deletion = deletionText(stored, deploymentArguments(options));
  if (deletion !== undefined) throw new UsageError(deletion);
  const grantedBy = (await callerArn(context)) ?? UNKNOWN_CALLER;
  const change = { tenant, by: grantedBy, action: 'putGrant', subject: grantSubject({ ...grantee, role }) } as const;
  const grant = await logged(change, context, () =>
    openAccessStore(environment).put({ tenant, ...grantee, role, grantedBy, grantedAt: now }),
  );
  terminal.print(`granted: ${granteeText(grant)} is ${role} of tenant ${tenant}`);
  return EXIT.clean;
}

/** Throws `UsageError` where it has no role. */
export async function revokeAccess(options: RevokeOptions, context: CommandContext): Promise<ExitCode> {
  const { environment, terminal } = context;
  const { tenant } = options;
  const { issuer, kind, name } = granteeOf(options);
  const access = openAccessStore(environment);
  const grants = await access.ofTenant(tenant);
  const found = grants.find((grant) => grant.issuer === issuer && grant.kind === kind && grant.name === name);
  if (found === undefined)
    throw new UsageError(
      `${granteeText({ issuer, kind, name })} has no role for tenant ${tenant}. To see who has: plimsoll access list --tenant ${tenant}${deploymentArguments(options)}`,
    );
  const by = (await callerArn(context)) ?? UNKNOWN_CALLER;
  const change = { tenant, by, action: 'deleteGrant', subject: grantSubject(found, found.id) } as const;
  await logged(change, context, () => access.remove(tenant, found.id));
  terminal.print(`revoked: ${granteeText(found)} is no longer ${found.role} of tenant ${tenant}, within a minute`);
  return EXIT.clean;
}

type Grantee = Pick<Grant, 'issuer' | 'kind' | 'name'>;

const granteeSchema = grantSchema.unwrap().pick({ issuer: true, kind: true, name: true });

function granteeOf({ issuer, subject, group }: RevokeOptions): Grantee {
  if (subject === undefined && group === undefined)
    throw new UsageError('Name whom it is about: --subject or --group, as the tokens of the issuer name it.');
  const parsed = parseInput(granteeSchema, {
    issuer,
    kind: subject === undefined ? 'group' : 'subject',
    name: subject ?? group,
  });
  if (parsed.success) return parsed.data;
  throw new UsageError(`Whom it is about is not valid: ${describeIssues(parsed.error).join('; ')}.`);
}

function granteeText({ issuer, kind, name }: Grantee): string {
  return `${kind} ${harmless(name)} of ${harmless(issuer)}`;
}

const COLUMNS: readonly Column<Grant>[] = [
  { title: 'role', text: ({ role }) => role },
  { title: 'who', text: ({ kind, name }) => `${kind} ${harmless(name)}`, leastWidth: 20, overflow: 'below' },
  { title: 'issuer', text: ({ issuer }) => harmless(issuer), leastWidth: 20, overflow: 'below' },
  { title: 'since (UTC)', text: ({ grantedAt }) => formatMinute(grantedAt), expendable: 2 },
  { title: 'by', text: ({ grantedBy }) => callerName(grantedBy, 40), expendable: 1 },
];

function jsonOf({ grantedAt, ...grant }: Grant): object {
  return { ...grant, grantedAt: isoText(grantedAt) };
}
