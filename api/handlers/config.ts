/** Configs and their versions, and what a change would do. */
import { createTwoFilesPatch } from 'diff';
import { stringify } from 'yaml';
import { estimateMonth, projectedUsd, type SpendProjection } from '../../core/health/project-spend.ts';
import { readableItems } from '../../core/health/readable-items.ts';
import { isoText } from '../../core/model/notation.ts';
import { type StoredTenant, type TenantConfig, tenantConfigJsonSchema } from '../../core/model/tenant.ts';
import { InvalidInputError } from '../../core/ports/errors.ts';
import { changesBetween } from '../../core/tenants/change-summary.ts';
import { warningsAbout } from '../../core/tenants/config-warnings.ts';
import { putTenant } from '../../core/tenants/put-tenant.ts';
import { setEnabled } from '../../core/tenants/set-enabled.ts';
import { parseTenantConfig } from '../../core/tenants/tenant-config.ts';
import type { Call, HandlersOf, Tagged, TenantCall } from '../call.ts';
import type { ConfigView, PreviewView } from '../contract/config.ts';
import { beingDeleted, changedMeanwhile, issuesOf, notFound, ProblemError } from '../problem.ts';
import { configView, shownTo } from '../views/config.ts';
import { parseYaml } from '../yaml-text.ts';

export const configHandlers: HandlersOf<
  | 'getConfig'
  | 'putConfig'
  | 'previewConfig'
  | 'listConfigVersions'
  | 'getConfigVersion'
  | 'getConfigSchema'
  | 'setEnabled'
> = {
  getConfig: async ({ tenant }) => tagged(tenant.stored, tenant),

  async putConfig({ tenant, body, principal, now, audit }) {
    const { stored, ports } = tenant;
    const document = ownDocument(body, tenant);
    const outcome = await putTenant(document, ports, {
      expectedVersion: stored.version,
      newExternalId: stored.externalId,
      now,
      putBy: principal.name,
    });
    switch (outcome.kind) {
      case 'stored':
      case 'unchanged':
        audit.version = outcome.tenant.version;
        return tagged(outcome.tenant, tenant);
      case 'conflict':
        throw changedMeanwhile(outcome.newestVersion);
      case 'deleting':
      case 'taken':
        throw beingDeleted(tenant.id);
    }
  },

  async previewConfig({ tenant, body, now }) {
    const { stored, ports, id } = tenant;
    const parsed = checkedConfig(body, tenant);
    if ('issues' in parsed) return { ...NOTHING, issues: [...parsed.issues] };
    const health = await readableItems(ports.health.list(id), []);
    // The caller has edited what it was shown, and a difference shows no more.
    const known = shownTo(tenant.role, stored.config);
    return {
      issues: [],
      warnings: warningsAbout(parsed.config, now),
      diff: patchOf({ config: known, version: stored.version }, parsed.config),
      changes: changesBetween(known, parsed.config),
      costBefore: monthly(estimateMonth(stored.config, health, now)),
      costAfter: monthly(estimateMonth(parsed.config, health, now)),
    };
  },

  async listConfigVersions({ tenant, query: { limit, cursor } }) {
    const before = cursor === undefined ? Number.POSITIVE_INFINITY : versionAt(cursor);
    const items: Omit<ConfigView, 'config' | 'yaml'>[] = [];
    for await (const { version, putAt, putBy } of tenant.ports.configs.versions(tenant.id)) {
      if (version >= before) continue;
      if (items.length === limit) return { items, cursor: String(items.at(-1)?.version) };
      items.push({ version, putAt: isoText(putAt), putBy: putBy ?? null });
    }
    return { items, cursor: null };
  },

  async getConfigVersion({ tenant, params }) {
    const stored = /^\d{1,9}$/.test(params.version)
      ? await tenant.ports.configs.get(tenant.id, Number(params.version))
      : undefined;
    if (stored === undefined) throw notFound('such version');
    return configView(stored, tenant.role);
  },

  getConfigSchema: async ({ headers }) => {
    headers.set('Cache-Control', 'public, max-age=3600');
    return { body: JSON.stringify(tenantConfigJsonSchema()) };
  },

  async setEnabled({ tenant, body, principal, now, audit }) {
    const { enabled, account, provider } = body;
    const change = { tenant: tenant.id, enabled, account, provider, expectedVersion: tenant.stored.version };
    const outcome = await setEnabled(change, tenant.ports.configs, now, principal.name);
    switch (outcome.kind) {
      case 'stored':
        audit.version = outcome.version;
        return tagged(await newestOf(tenant), tenant);
      case 'unchanged':
        return tagged(outcome.stored, tenant);
      case 'conflict':
        throw changedMeanwhile((await newestOf(tenant)).version);
      case 'deleting':
        throw beingDeleted(tenant.id);
      case 'no_tenant':
        throw notFound('such tenant');
      case 'no_account':
        throw new ProblemError(422, `The config has no account ${account}. Name one of its accounts.`);
      case 'ambiguous':
        throw new ProblemError(422, `The account is in ${outcome.providers.join(' and ')}. Name the provider too.`);
    }
  },
};

const NOTHING: PreviewView = { issues: [], warnings: [], diff: '', changes: [], costBefore: null, costAfter: null };

function tagged(stored: StoredTenant, { role }: TenantCall): Tagged<ConfigView> {
  return { value: configView(stored, role), etag: String(stored.version) };
}

async function newestOf({ id, ports }: TenantCall): Promise<StoredTenant> {
  const stored = await ports.configs.get(id);
  if (stored === undefined) throw notFound('such tenant');
  return stored;
}

type Body = Call<'putConfig'>['body'];

/** Throws `InvalidInputError` of a text that is no document, and a 400 of a config of another tenant. */
function ownDocument(body: Body, { id }: TenantCall): unknown {
  const document = 'text' in body ? parseYaml(body.text, 'The config') : body.config;
  const isObject = typeof document === 'object' && document !== null;
  if (isObject && 'tenant' in document && document.tenant !== id)
    throw new ProblemError(
      400,
      `The config names another tenant than ${id}. Correct it, or use the address of that one.`,
      {
        kind: 'invalid',
        issues: [{ path: 'tenant', message: `must be ${id}` }],
      },
    );
  return document;
}

type Checked = { readonly config: TenantConfig } | { readonly issues: PreviewView['issues'] };

function checkedConfig(body: Body, tenant: TenantCall): Checked {
  try {
    return { config: parseTenantConfig(ownDocument(body, tenant), tenant.ports.queryCheck) };
  } catch (error) {
    if (error instanceof InvalidInputError) return { issues: issuesOf(error) };
    if (error instanceof ProblemError && error.problem.issues) return { issues: error.problem.issues };
    throw error;
  }
}

/** Comparing takes the square of what differs: beyond that nobody reads the patch either. */
const PATCH_MS = 500;
const PATCH_EDITS = 5000;

/** Null where the documents differ in too much to be compared. */
export function patchOf(
  { config, version }: Pick<StoredTenant, 'config' | 'version'>,
  proposed: TenantConfig,
): string | null {
  const [before, after] = [stringify(config), stringify(proposed)];
  if (before === after) return '';
  const bounds = { context: 3, timeout: PATCH_MS, maxEditLength: PATCH_EDITS };
  const patch = createTwoFilesPatch(`version ${version}`, 'proposed', before, after, undefined, undefined, bounds);
  return patch ?? null;
}

/** Null where no region was inspected yet, so that nobody knows its size. */
function monthly(projection: SpendProjection): number | null {
  if (projection.byHours[0] === 0 && projection.unknownRegions > 0) return null;
  return projectedUsd(projection, { quietHours: 0, jobs: 0, deepReadsOff: false });
}

function versionAt(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor);
  throw new ProblemError(400, 'The cursor is none of a page of versions. Begin without one.', { kind: 'invalid' });
}
