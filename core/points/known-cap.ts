/** What the cost cap of a tenant leads to at present. */
import type { CapState } from '../model/spend.ts';
import type { StoredTenant } from '../model/tenant.ts';
import { ItemError } from '../ports/errors.ts';
import type { SpendStore } from '../ports/spend-store.ts';

/** What cannot be read back leaves jobs as their configs have them: it costs some inspections at the full price. Throws `StoreError`. */
export async function knownCap(
  { config }: Pick<StoredTenant, 'config'>,
  spend: Pick<SpendStore, 'getCap'>,
): Promise<CapState | undefined> {
  if (config.costCap === undefined) return undefined;
  try {
    return (await spend.getCap(config.tenant))?.value;
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}
