/** Whom a tenant's config has notified. */
import { type Alerts, alertsSchema } from '../model/alerts.ts';
import type { TenantConfig } from '../model/tenant.ts';

/** Empty where the config has none, or one that cannot be read: it was checked when it was put. */
export function alertsOf(config: TenantConfig): Alerts {
  const alerts: unknown = Object.entries(config).find(([name]) => name === 'alerts')?.[1];
  return alertsSchema.safeParse(alerts ?? {}).data ?? {};
}
