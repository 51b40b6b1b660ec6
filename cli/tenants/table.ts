/** Stored tenants, for people. */
import type { StoredTenant } from '../../core/model/tenant.ts';
import { type Column, renderTable, type TableOptions } from '../render/table.ts';
import { harmless, type Paint } from '../render/text.ts';
import { formatTime } from '../render/units.ts';

/** What the owner of the accounts needs after a config was put. */
export function renderPutTenant({ config, version, externalId }: StoredTenant, topic: string, paint: Paint): string {
  return [
    `${paint('good', 'stored')}: tenant ${paint('strong', config.tenant)}, version ${version}`,
    `  ${paint('dim', 'topic')}        ${topic}`,
    `  ${paint('dim', 'external id')}  ${externalId}`,
    '',
    'The trust policy of each role in the config must name the external id:',
    `  "Condition": { "StringEquals": { "sts:ExternalId": "${externalId}" } }`,
    'It is an identifier and not a secret: it keeps other tenants from having your roles assumed for them.',
  ].join('\n');
}

const COLUMNS: readonly Column<StoredTenant>[] = [
  { title: 'tenant', text: ({ config }) => config.tenant, tone: () => 'strong' },
  { title: 'name', text: ({ config }) => harmless(config.name ?? ''), leastWidth: 12, expendable: 1 },
  { title: 'version', text: ({ version }) => String(version), align: 'right' },
  { title: 'enabled', text: ({ config }) => (config.enabled ? 'yes' : 'no') },
  { title: 'accounts', text: ({ config }) => String(config.accounts.length), align: 'right' },
  { title: 'put', text: ({ putAt }) => formatTime(putAt), expendable: 2 },
];

export function renderTenants(tenants: readonly StoredTenant[], options: TableOptions): string {
  return renderTable(tenants, COLUMNS, options);
}
