/** The config that a proposal of accounts begins from: what a tenant has stored, or a file. */

import { existsSync } from 'node:fs';
import { stringify } from 'yaml';
import { customQueryIssue } from '../adapters/promql/custom-queries.ts';
import type { TenantConfig } from '../core/model/tenant.ts';
import { parseTenantConfig } from '../core/tenants/tenant-config.ts';
import type { CommandContext } from './context.ts';
import { readDocument, STDIN } from './document.ts';
import { withLines } from './document-issues.ts';
import { openConfigStore } from './stores.ts';
import { UsageError } from './usage-error.ts';

export interface BaseOptions {
  readonly tenant?: string;
  readonly file?: string;
}

export interface ConfigBase {
  readonly tenant: string;
  /** Undefined for a tenant that has no config yet. */
  readonly config: TenantConfig | undefined;
  /** The config as YAML; a new tenant's has no account yet. */
  readonly text: string;
  /** What the text is, for people: `version 3`, or the file's name. */
  readonly name: string;
  /** Of the stored config; undefined for a file. */
  readonly version: number | undefined;
  /** Of the stored config; undefined for a file and for a new tenant. */
  readonly externalId: string | undefined;
}

/**
 * A file that does not exist yet begins a new tenant, whose id is named beside it. Throws `UsageError` where neither is named, and
 * `InvalidInputError` where the file is no config.
 */
export async function openBase({ tenant, file }: BaseOptions, { environment }: CommandContext): Promise<ConfigBase> {
  if (file !== undefined) return baseOfFile(file, tenant);
  if (tenant === undefined)
    throw new UsageError('Name the config to compare with: --tenant ID for the stored one, or --file FILE.');
  const stored = await openConfigStore(environment).get(tenant);
  if (stored === undefined) return { ...newBase(tenant), version: 0 };
  const { config, version, externalId } = stored;
  return { tenant, config, text: stringify(config), name: `version ${version}`, version, externalId };
}

async function baseOfFile(file: string, tenant: string | undefined): Promise<ConfigBase> {
  if (!existsSync(file) && file !== STDIN) {
    if (tenant !== undefined) return newBase(tenant);
    throw new UsageError(`There is no file ${file}. To begin a new config, add --tenant ID.`);
  }
  const { text, value } = await readDocument(file);
  const config = withLines(text, 'The tenant config', [], () => parseTenantConfig(value, customQueryIssue));
  if (tenant !== undefined && tenant !== config.tenant)
    throw new UsageError(`The file ${file} is of tenant ${config.tenant}, and --tenant names ${tenant}.`);
  return { tenant: config.tenant, config, text, name: file, version: undefined, externalId: undefined };
}

function newBase(tenant: string): ConfigBase {
  const text = stringify({ version: 1, tenant, accounts: [] });
  return { tenant, config: undefined, text, name: 'no config yet', version: undefined, externalId: undefined };
}
