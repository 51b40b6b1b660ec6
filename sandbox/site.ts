/** A part of a scenario: what stands in one region of one account. */
import type { Account } from '../model/tenant.ts';
import type { HostPlan } from './hosts.ts';

export interface Site {
  /** Default: AWS. A further provider adds its name here and what its accounts need to scenario.ts. */
  readonly provider?: 'aws' | 'gcp' | 'azure';
  readonly tenant: string;
  readonly account: string;
  readonly region: string;
  readonly plans: readonly HostPlan[];
}
