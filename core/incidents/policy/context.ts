/** What the alert policy knows beside the changes themselves. */
import type { Alerts } from '../../model/alerts.ts';
import type { Incident } from '../../model/incident.ts';
import type { Label, Mute } from '../../model/mute.ts';
import type { HostEnvironment } from '../../model/policy.ts';
import type { Resource } from '../../model/series.ts';

export interface PolicyContext {
  /** Of the tenant, with what the account sets over it; undefined where neither sets anything. */
  readonly alerts: Alerts | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly mutes: readonly Mute[];
  readonly labels: readonly Label[];
  /** The incidents of fleets that are open, and those with a key of `fleetKeysOf`, closed ones too, as far as there are any. */
  readonly fleets: readonly Incident[];
  /** The incidents of containers that are open, where a node grows by one of its pods; those of the changes that are decided need not be among them. */
  readonly containers: readonly Incident[];
  environmentOf(host: Resource): HostEnvironment;
}
