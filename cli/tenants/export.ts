/** `plimsoll tenants export`: a config as a file that `tenants put` takes as it is. */
import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import type { TenantConfig } from '../../core/model/tenant.ts';
import type { CommandContext } from '../context.ts';
import { type DeploymentOptions, deploymentArguments } from '../deployment.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openConfigStore } from '../stores.ts';
import { noTenant, UsageError } from '../usage-error.ts';

export interface ExportOptions extends DeploymentOptions {
  readonly output?: string;
  readonly format?: 'json' | 'yaml';
}

/** A file that is named is overwritten; one whose name comes from the config is not. */
export async function exportTenant(
  tenant: string,
  { output, format, ...deployment }: ExportOptions,
  { environment, terminal }: CommandContext,
): Promise<ExitCode> {
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) throw noTenant(tenant, deploymentArguments(deployment));
  const { config, version } = stored;
  const isYaml = format === 'yaml' || (format === undefined && /\.ya?ml$/i.test(output ?? ''));
  const text = isYaml ? stringify(config) : `${JSON.stringify(config, null, 2)}\n`;
  if (output === '-') {
    if (isYaml) terminal.print(text.trimEnd());
    else terminal.printJson(text.trimEnd());
    return EXIT.clean;
  }
  const file = output ?? `${fileNameOf(config)}.${isYaml ? 'yml' : 'json'}`;
  await write(file, text, output === undefined);
  terminal.print(`written: ${file}, version ${version} of tenant ${tenant}`);
  return EXIT.clean;
}

async function write(file: string, text: string, isNew: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: isNew ? 'wx' : 'w' });
  } catch (error) {
    if (isNew && error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new UsageError(
        `There is a file ${file} already. Give --output FILE with another name, or with this one to overwrite it.`,
      );
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The file ${file} cannot be written: ${why}.`, { cause: error });
  }
}

/** Bytes of a name, far below the 255 of file systems. */
const MAX_NAME_BYTES = 120;

/** Names that Windows keeps for devices, whatever follows the dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** The config's name as the name of a file in this folder, with nothing in it that a shell would read otherwise; the tenant's id where it has none, or nothing of it can be used. */
export function fileNameOf({ name = '', tenant }: TenantConfig): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  if (!/[\p{L}\p{N}]/u.test(safe) || DEVICE.test(safe)) return tenant;
  return Buffer.byteLength(safe) > MAX_NAME_BYTES ? tenant : safe;
}
