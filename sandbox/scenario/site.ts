/** A part of a scenario: what stands in one region of one account. */
import type { Account } from '../../core/model/tenant.ts';
import type { HostPlan } from './hosts.ts';

export interface Site {
  /** Default: AWS. */
  readonly provider?: Account['provider'];
  readonly tenant: string;
  readonly account: string;
  readonly region: string;
  readonly plans: readonly HostPlan[];
}
