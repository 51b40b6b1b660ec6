/** Records in incidents what one run observes of its hosts, one host after the other. */
import { type Incident, incidentKeyText } from '../model/incident.ts';
import type { Evaluated, Inspected, LeakingHost } from '../model/inspected-host.ts';
import type { Policy } from '../model/policy.ts';
import type { Resource, Scope, Unreadable } from '../model/series.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { ItemError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { observe } from './observation.ts';
import { record } from './record.ts';
import { type Observation, outcomeOf, type Transition } from './transition.ts';

export interface RecorderOptions {
  readonly tenant: string;
  readonly scope: Scope;
  readonly policy: Policy;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Recorder {
  /**
   * Records one host. Returns what could not be recorded where the host's own item is the cause; throws `StoreError`
   * where the store is.
   */
  add(inspected: Inspected): Promise<Unreadable | undefined>;
  /** Open incidents that could not be read back when the run began. */
  readonly failures: readonly Unreadable[];
  /** Whether a leak will be an event: who grew is read once for each event, and not on every run of a long leak. */
  isNews(host: LeakingHost): boolean;
  /** The incidents that this run stored and that have events in their outbox. */
  changed(): Versioned<Incident>[];
}

/**
 * Records leaks, and steady verdicts of hosts with an open incident. The open incidents are listed once at the beginning,
 * so that the many steady hosts cost the table nothing.
 *
 * @param isSuperseded Whether a newer run has been recorded meanwhile. Called once, when the first leaking host comes:
 *   leaking hosts come last, after reads that take their time.
 */
export async function createRecorder(
  { tenant, scope, policy: { recoverAfter }, now }: RecorderOptions,
  incidents: IncidentStore,
  isSuperseded: () => Promise<boolean>,
): Promise<Recorder> {
  const { open, failures } = await openIncidents(tenant, scope, incidents);
  const changed: Versioned<Incident>[] = [];
  let superseded: Promise<boolean> | undefined;

  function expectedOutcome(observation: Observation): Transition['outcome'] {
    return outcomeOf(open.get(incidentKeyText(observation.key)), observation, recoverAfter, now);
  }

  async function changesNothing(observation: Observation): Promise<boolean> {
    if (expectedOutcome(observation) === 'unchanged') return true;
    if (observation.kind === 'steady') return false;
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
    isNews(host) {
      const observation = observe(tenant, host);
      const outcome = observation && expectedOutcome(observation);
      return outcome !== undefined && outcome !== 'unchanged' && outcome !== 'updated';
    },
    changed: () => changed.filter(({ value }) => value.outbox.length > 0),
  };
}

/**
 * The open incidents of a scope by key, without their outboxes: those alone can be large, and decide nothing here. An
 * item that cannot be read back is a failure, and does not hide the others.
 */
async function openIncidents(tenant: string, scope: Scope, incidents: IncidentStore) {
  const open = new Map<string, Incident>();
  const failures: Unreadable[] = [];
  try {
    for await (const { value } of incidents.open(tenant, scope)) {
      open.set(incidentKeyText(value.key), { ...value, outbox: [] });
    }
  } catch (error) {
    failures.push(unrecorded(scope, error));
  }
  return { open, failures };
}

/** An item that cannot be kept is a failure of its host; a store that fails is one of the entire run, and is thrown. */
function unrecorded(scope: Resource | Scope, error: unknown): Unreadable {
  if (!(error instanceof ItemError)) throw error;
  return { kind: 'unreadable', scope, reason: 'malformed', detail: `an incident cannot be kept: ${error.message}` };
}
