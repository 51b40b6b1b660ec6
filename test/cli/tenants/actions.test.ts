import { describe, expect, it } from 'vitest';
import { plain } from '../../../cli/render/text.ts';
import { renderTenants } from '../../../cli/tenants/actions.ts';
import type { StoredTenant } from '../../../core/model/tenant.ts';
import { aTenantConfig, NOON } from '../../fixtures/builders.ts';

const STORED: StoredTenant = { config: aTenantConfig(), version: 3, externalId: 'plimsoll-1234', putAt: NOON };

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
