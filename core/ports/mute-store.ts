/** Where mutes are kept, each until some time after its end. Contract: test/contract/tenant-items.ts. */
import type { Mute } from '../model/mute.ts';
import type { TenantItems } from './tenant-items.ts';

export type MuteStore = TenantItems<Mute>;
