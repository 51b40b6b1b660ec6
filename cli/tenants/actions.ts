/** `plimsoll tenants …`: shows and checks tenants' configs. */
import { stringify } from 'yaml';
import { formatTime } from '../../core/messages/times.ts';
import { counted } from '../../core/messages/units.ts';
import { isoText } from '../../core/model/notation.ts';
import { type Account, type StoredTenant, tenantConfigJsonSchema } from '../../core/model/tenant.ts';
import { migrateConfigs } from '../../core/tenants/migrate-configs.ts';
import { warnAbout } from '../config-warnings.ts';
import type { CommandContext } from '../context.ts';
import { noteDeletion } from '../deletion.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { PLIMSOLL } from '../program.ts';
import { readTenantFile } from '../read-tenant-file.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless } from '../render/text.ts';
import { newExternalId, openConfigStore, openConfigStoreOfFirstVersion } from '../stores.ts';
import { tableOptions } from '../terminal.ts';
import { noTenant, UsageError } from '../usage-error.ts';
import { tenantTemplate } from './template.ts';

/** What the owners of accounts have to trust, before there is a config that names what they make. Made when it is first requested. */
export async function printExternalId(tenant: string, { environment, terminal }: CommandContext): Promise<ExitCode> {
  terminal.print(await openConfigStore(environment).reserveExternalId(tenant, newExternalId()));
  return EXIT.clean;
}

export interface GetOptions extends DeploymentOptions {
  readonly version?: number;
  readonly format: 'yaml' | 'json';
}

/** The config on stdout, so that it can be edited and put again; what belongs to it and not in it on stderr. */
export async function getTenant(
  id: string,
  { version, format, ...deployment }: GetOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { environment, terminal } = context;
  const stored = await openConfigStore(environment).get(id, version);
  if (stored === undefined) {
    const newest = version === undefined ? undefined : await openConfigStore(environment).get(id);
    if (newest)
      throw new UsageError(
        `There is no version ${version} of tenant ${id}: ${newest.version === 1 ? 'its only version is 1' : `it has the versions 1 to ${newest.version}`}.`,
      );
    throw noTenant(id, deploymentArguments(deployment));
  }
  const { config, externalId, putAt } = stored;
  terminal.note(`# version ${stored.version}, put ${formatTime(putAt)}, external id ${externalId}`);
  noteDeletion(stored, deploymentArguments(deployment), terminal);
  if (format === 'json') terminal.printJson(JSON.stringify(config, null, 2));
  else terminal.print(stringify(config).trimEnd());
  return EXIT.clean;
}

export interface ListOptions extends DeploymentOptions {
  readonly json?: boolean;
}

export async function listTenants({ json, ...deployment }: ListOptions, context: CommandContext): Promise<ExitCode> {
  const { environment, terminal } = context;
  const tenants: StoredTenant[] = [];
  for await (const stored of openConfigStore(environment).list()) {
    if (json) terminal.printJson(JSON.stringify(tenantJson(stored)));
    else tenants.push(stored);
  }
  if (json) return EXIT.clean;
  terminal.print(
    tenants.length === 0
      ? `There is no tenant yet: \`${PLIMSOLL} tenants template\` prints a config to start from.`
      : renderTenants(tenants, tableOptions(terminal)),
  );
  for (const stored of tenants) noteDeletion(stored, deploymentArguments(deployment), terminal);
  return EXIT.clean;
}

function tenantJson({ deletion, ...stored }: StoredTenant): object {
  const putAt = isoText(stored.putAt);
  return {
    ...stored,
    putAt,
    ...(deletion && { deletion: { begunAt: putAt, disabledAt: isoText(deletion.disabledAt) } }),
  };
}

/** Copies the configs of version 0.1.0 into their own table. */
export async function migrateTenants({ environment, terminal }: CommandContext): Promise<ExitCode> {
  const { tenants, versions } = await migrateConfigs(
    openConfigStoreOfFirstVersion(environment),
    openConfigStore(environment),
  );
  terminal.print(`copied ${counted(versions, 'version')} of ${counted(tenants, 'tenant')}; the old items stay`);
  return EXIT.clean;
}

/** Needs neither credentials nor a network. Throws `InvalidInputError` that names every wrong field. */
export async function validateTenantFile(file: string, context: CommandContext): Promise<ExitCode> {
  const { terminal } = context;
  const { config } = await readTenantFile(file);
  const { tenant, accounts } = config;
  warnAbout(config, context);
  terminal.print(`${terminal.paint('good', 'valid')}: tenant ${tenant} with ${counted(accounts.length, 'account')}`);
  return EXIT.clean;
}

export function printTenantSchema({ terminal }: CommandContext): ExitCode {
  terminal.printJson(JSON.stringify(tenantConfigJsonSchema(), null, 2));
  return EXIT.clean;
}

export interface TemplateOptions {
  readonly provider?: readonly Account['provider'][];
}

export function printTenantTemplate({ provider }: TemplateOptions, { terminal }: CommandContext): ExitCode {
  terminal.print(tenantTemplate(provider).trimEnd());
  return EXIT.clean;
}

const COLUMNS: readonly Column<StoredTenant>[] = [
  { title: 'tenant', text: ({ config }) => config.tenant, tone: () => 'strong' },
  { title: 'name', text: ({ config }) => harmless(config.name ?? ''), leastWidth: 12, expendable: 1 },
  { title: 'version', text: ({ version }) => String(version), align: 'right' },
  { title: 'enabled', text: enabledText },
  { title: 'accounts', text: ({ config }) => String(config.accounts.length), align: 'right' },
  { title: 'put', text: ({ putAt }) => formatTime(putAt), expendable: 2 },
];

function enabledText({ config, deletion }: StoredTenant): string {
  if (deletion !== undefined) return 'being deleted';
  return config.enabled ? 'yes' : 'no';
}

export function renderTenants(tenants: readonly StoredTenant[], options: TableOptions): string {
  return renderTable(tenants, COLUMNS, options);
}
