/** Where labels are kept: evidence to learn from, which lasts. Contract: test/contract/tenant-items.ts. */
import type { Label } from '../model/mute.ts';
import type { TenantItems } from './tenant-items.ts';

export type LabelStore = TenantItems<Label>;
