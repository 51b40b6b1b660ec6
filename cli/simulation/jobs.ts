/** The jobs of anomaly inspection that a simulated fleet has: one in each account, of what its cloud knows without an agent or with it. */
import type { StoredTenant, TenantConfig } from '../../core/model/tenant.ts';
import { tenantConfigSchema } from '../../core/model/tenant.ts';
import type { Functions } from './functions.ts';

const CPU = 'system.cpu.utilization';
const FURTHER = ['system.filesystem.utilization', 'system.network.errors'];

/** Of Azure the processor alone: the others take a Log Analytics workspace, which the accounts of the fleet have not. */
export function withJobs(config: TenantConfig): TenantConfig {
  return tenantConfigSchema.parse({
    ...config,
    accounts: config.accounts.map((account) => ({
      ...account,
      anomalies: [{ name: 'hourly', metrics: account.provider === 'azure' ? [CPU] : [CPU, ...FURTHER] }],
    })),
  });
}

/** Inspects each job, as its schedule does at this time (epoch milliseconds). Throws where one failed each time. */
export async function runJobs(
  {
    stored,
    functions,
  }: { readonly stored: readonly Pick<StoredTenant, 'config'>[]; readonly functions: Pick<Functions, 'inspect'> },
  at: number,
  signal: AbortSignal,
): Promise<void> {
  for (const { config } of stored) {
    for (const { provider, account, anomalies = [] } of config.accounts) {
      for (const { name: job } of anomalies) {
        signal.throwIfAborted();
        await functions.inspect(provider, { tenant: config.tenant, account, at, job });
      }
    }
  }
}
