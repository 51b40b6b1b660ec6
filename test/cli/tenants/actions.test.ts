import { describe, expect, it } from 'vitest';
import { plain } from '../../../cli/render/text.ts';
import { renderPutTenant, renderTenants } from '../../../cli/tenants/actions.ts';
import type { StoredTenant } from '../../../core/model/tenant.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';

const STORED: StoredTenant = { config: aTenantConfig(), version: 3, externalId: 'plimsoll-1234', putAt: NOON };

describe('renderPutTenant', () => {
  it('shows the owner of the accounts what their roles have to trust', () => {
    expect(renderPutTenant(STORED, 'arn:aws:sns:eu-west-1:111122223333:plimsoll-acme', plain)).toBe(
      `stored: tenant acme, version 3
  topic        arn:aws:sns:eu-west-1:111122223333:plimsoll-acme
  external id  plimsoll-1234

The trust policy of each role in the config must name the external id:
  "Condition": { "StringEquals": { "sts:ExternalId": "plimsoll-1234" } }
It is an identifier and not a secret: it keeps other tenants from having your roles assumed for them.`,
    );
  });
});

describe('renderTenants', () => {
  it('lists tenants with what one looks for first', () => {
    const disabled = { ...STORED, config: aTenantConfig({ tenant: 'beta', name: 'Beta\u202e Ltd', enabled: false }) };

    expect(renderTenants([STORED, disabled], { paint: plain })).toMatchInlineSnapshot(`
      "tenant  name      version  enabled  accounts  put
      acme                    3  yes             1  2026-11-20 12:00 UTC
      beta    Beta Ltd        3  no              1  2026-11-20 12:00 UTC"
    `);
  });
});
