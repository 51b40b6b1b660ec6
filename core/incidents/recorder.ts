/** Records what one run sees of its hosts, one after the other, in their incidents. */
import { compareSeverity, severityOf } from '../model/finding.ts';
import { type Incident, incidentKeyText } from '../model/incident.ts';
import type { Evaluated, Inspected, LeakingHost } from '../model/inspected-host.ts';
import type { Policy } from '../model/policy.ts';
import type { Resource, Scope, Unreadable } from '../model/series.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { ItemError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { keyOf, observe } from './observation.ts';
import { record } from './record.ts';
import type { Observation } from './transition.ts';

export interface RecorderOptions {
  readonly tenant: string;
  readonly scope: Scope;
  readonly policy: Policy;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Recorder {
  /** What could not be recorded of this host, where that is the host's own fault and not the store's. */
  add(inspected: Inspected): Promise<Unreadable | undefined>;
  /** Open incidents that could not be read back when the run began. */
  readonly failures: readonly Unreadable[];
  /** Whether a leak is news: who grew is asked once for each event, and not on every run of a leak that lasts for days. */
  willNotify(host: LeakingHost): boolean;
  /** The incidents that this run stored and that hold something to tell. */
  changed(): Versioned<Incident>[];
}

/**
 * Records the findings, and the steady verdicts of hosts with an incident. The open incidents are listed once, so that
 * the many steady hosts cost the table nothing.
 *
 * @param isSuperseded Whether a newer run has recorded meanwhile. Asked when the first leaking host comes: those come
 *   last, after the reads, which take their time.
 */
export async function createRecorder(
  { tenant, scope, policy: { recoverAfter }, now }: RecorderOptions,
  incidents: IncidentStore,
  isSuperseded: () => Promise<boolean>,
): Promise<Recorder> {
  const { open, failures } = await openIncidents(tenant, scope, incidents);
  const changed: Versioned<Incident>[] = [];
  let superseded: Promise<boolean> | undefined;

  async function changesNothing(observation: Observation): Promise<boolean> {
    if (observation.kind === 'steady') return !open.has(incidentKeyText(observation.key));
    superseded ??= isSuperseded();
    return superseded;
  }

  async function addEvaluated(evaluated: Evaluated): Promise<void> {
    const observation = observe(tenant, evaluated);
    if (observation === undefined || (await changesNothing(observation))) return;
    const { stored } = await record(observation, incidents, { recoverAfter, now });
    if (stored !== undefined) changed.push(stored);
  }

  return {
    failures,
    async add(inspected) {
      if (inspected.kind !== 'evaluated') return undefined;
      try {
        await addEvaluated(inspected);
        return undefined;
      } catch (error) {
        return unrecorded(inspected.series.resource, error);
      }
    },
    willNotify({ series, verdict }) {
      const before = open.get(incidentKeyText(keyOf(tenant, series)));
      if (before === undefined) return true;
      if (before.status === 'suspected') return verdict.grade === 'confirmed';
      return compareSeverity(severityOf(verdict.evidence.exhaustion, series.window.end), before.severity) > 0;
    },
    changed: () => changed.filter(({ value }) => value.outbox.length > 0),
  };
}

/** What is known of a scope's open incidents. What cannot be read back is a failure, and hides none of the others. */
async function openIncidents(tenant: string, scope: Scope, incidents: IncidentStore) {
  const open = new Map<string, Pick<Incident, 'status' | 'severity'>>();
  const failures: Unreadable[] = [];
  try {
    for await (const { value } of incidents.open(tenant, scope)) {
      const { key, status, severity } = value;
      open.set(incidentKeyText(key), { status, severity });
    }
  } catch (error) {
    failures.push(unrecorded(scope, error));
  }
  return { open, failures };
}

/** One item that cannot be kept is that host's failure; a store that fails is the whole run's, and is thrown. */
function unrecorded(scope: Resource | Scope, error: unknown): Unreadable {
  if (!(error instanceof ItemError)) throw error;
  return { kind: 'unreadable', scope, reason: 'malformed', detail: `an incident cannot be kept: ${error.message}` };
}
