/** The alert policy over the tables: the same for whoever settles what happened. */

import type { StoreOptions } from '../adapters/dynamodb/table.ts';
import { createLabelStore, createMuteStore } from '../adapters/dynamodb/tenant-items.ts';
import type { Decide } from '../core/incidents/decide.ts';
import { createPolicy, type PolicyPorts } from '../core/inspection/decide-by-policy.ts';

export function createAlertPolicy(dynamodb: StoreOptions, ports: Pick<PolicyPorts, 'configs' | 'incidents'>): Decide {
  return createPolicy({ ...ports, mutes: createMuteStore(dynamodb), labels: createLabelStore(dynamodb) });
}
