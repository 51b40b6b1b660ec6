/** Where the history of tunings is kept. Contract: test/contract/tenant-items.ts. */
import type { Tuning } from '../model/tuning.ts';
import type { TenantItems } from './tenant-items.ts';

export type TuningStore = TenantItems<Tuning>;
