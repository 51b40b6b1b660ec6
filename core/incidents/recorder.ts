/** Records in incidents what one run observes of its hosts, several at once. */
import { type Incident, incidentKeyText } from '../model/incident.ts';
import { type Evaluated, type Inspected, type LeakingHost, resourceOf } from '../model/inspected-host.ts';
import type { Policy } from '../model/policy.ts';
import { isResource, type Resource, type Scope, type Unreadable } from '../model/series.ts';
import type { Versioned } from '../ports/conditional-put.ts';
import { ItemError } from '../ports/errors.ts';
import type { IncidentStore } from '../ports/incident-store.ts';
import { createEnds } from './ends.ts';
import { raceWith } from './in-flight.ts';
import { type Observation, observe, observeFull } from './observation.ts';
import { record } from './record.ts';
import { outcomeOf, type Transition } from './transition.ts';

export interface RecorderOptions {
  readonly tenant: string;
  readonly scope: Scope;
  /** How many steady inspections in a row end an incident of the host. */
  policyOf(host: Resource): RecoveryPolicy;
  /** Whether steady verdicts count towards the end of incidents. */
  readonly endsIncidents: boolean;
  /** The end of the inspected window, epoch milliseconds. */
  readonly asOf: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

type RecoveryPolicy = Pick<Policy, 'recoverAfter'>;

/** What became of the hosts that a run wanted to record. */
export interface Recording {
  /** Incidents that were written. */
  readonly written: number;
  /** Hosts that should have been recorded and were not, because time was up or the store failed. */
  readonly left: number;
  /** What the store failed with; undefined where it did not. */
  readonly failure: unknown;
}

export interface Recorder {
  /**
   * Begins to record one host, and resolves when there is room for the next one. Once the store has failed, or time is up, nothing
   * more is begun: see `finish`. Throws nothing.
   */
  add(inspected: Inspected): Promise<void>;
  /** Begins to record what was observed otherwise than by a host's own verdict. As `add`. */
  observe(observation: Observation, of: Resource | Scope): Promise<void>;
  /**
   * Begins to end the incidents of hosts that are gone. As `add`.
   *
   * @param listed Ids of all hosts of the scope. Absent: every reading must have been added before.
   * @param renewed Names of groups that have hosts which were not there before: of such a group a host that is gone was replaced. Called
   *   where a leak that was reported may have ended so. Absent: nothing is known of that.
   */
  endGone(listed?: ReadonlySet<string>, renewed?: () => Promise<ReadonlySet<string>>): Promise<void>;
  /** Whether the store has failed: what is read now is read for nothing. */
  hasFailed(): boolean;
  /** Waits for what was begun, until the signal gives it up. */
  finish(giveUp?: AbortSignal): Promise<Recording>;
  /** Forgets what was recorded and what failed so far, after `finish`: what follows is counted by itself. */
  next(): void;
  /** The incidents that were suspected or open at the beginning, without what has still to be settled, by key. */
  readonly open: ReadonlyMap<string, Incident>;
  /** What could not be kept, where the item itself is the cause; open incidents that could not be read back among it. */
  readonly failures: readonly Unreadable[];
  /** Whether a leak will be an event: who grew is read once for each event, and not on every run of a long leak. */
  isNews(host: LeakingHost): boolean;
  /** Whether a leak of the host was reported and had not ended when the run began: without evidence it may end. */
  isReported(host: Evaluated): boolean;
  /** Whether a leak of the host was open when the run began, or the host was watched: for growing again, or while it refills. */
  isOpen(host: Evaluated): boolean;
  /** The incidents that were stored and are to be settled. */
  changed(): Versioned<Incident>[];
}

/** Incidents that are recorded at once. A record is a read and a write of one item, some ten milliseconds each. */
const AT_ONCE = 16;

/** What counts towards the end of an incident. */
const ENDING: ReadonlySet<Observation['kind']> = new Set(['steady', 'refilling', 'not_exhausted', 'not_anomalous']);

/** A leak with one of these was reported, and has not ended. */
const REPORTED: ReadonlySet<Incident['status'] | undefined> = new Set(['suspected', 'open']);

/** The story of a leak with one of these goes on: it was confirmed, or nothing is reported of it for now. */
const GOES_ON: ReadonlySet<Incident['status'] | undefined> = new Set(['open', 'watched']);

/**
 * Records leaks, full hosts, and steady verdicts of hosts with an open incident. The open incidents are listed once at the beginning,
 * so that the many steady hosts cost the table nothing.
 *
 * @param isSuperseded Whether a newer run has been recorded meanwhile. Called once, when the first leaking host comes:
 *   leaking hosts come last, after reads that take their time.
 * @param timeIsUp Nothing is begun after it.
 */
export async function createRecorder(
  { tenant, scope, policyOf, endsIncidents, asOf, now }: RecorderOptions,
  incidents: IncidentStore,
  isSuperseded: () => Promise<boolean>,
  timeIsUp: AbortSignal,
): Promise<Recorder> {
  const known = await openIncidents(tenant, scope, incidents);
  const { open, failures } = known;
  const { changed, ...writer } = createWriter(known, incidents, { endsIncidents, now, isSuperseded });
  const recordings = createRecordings(timeIsUp);
  const ends = createEnds(endsIncidents ? open.values() : [], asOf);

  async function begin(observation: Observation | undefined, of: Resource | Scope): Promise<void> {
    if (observation === undefined) return;
    const policy = policyOf(isResource(of) ? of : { ...of, id: observation.key.host });
    if (writer.expectedOutcome(observation, policy) === 'unchanged') return;
    await recordings.begin(incidentKeyText(observation.key), () => writer.write(observation, of, policy));
  }

  return {
    failures,
    open,
    observe: begin,
    async add(inspected) {
      if (inspected.kind === 'evaluated') {
        const observation = observe(tenant, inspected);
        const isReported = () => REPORTED.has(open.get(incidentKeyText(observation.key))?.status);
        await begin(observation, inspected.series.resource);
        await begin(observeFull(tenant, inspected, isReported), inspected.series.resource);
      }
      for (const seen of ends.seen(inspected)) await begin(seen, resourceOf(inspected) ?? scope);
    },
    async endGone(listed, renewed) {
      const gone = ends.gone(listed);
      const groupOf = ({ key }: Observation) => open.get(incidentKeyText(key))?.resource.group;
      const mayBeReplaced = gone.filter((end) => isReportedLeak(open, end) && groupOf(end) !== undefined);
      const groups = mayBeReplaced.length === 0 ? undefined : await renewed?.();
      for (const end of gone) {
        const isReplaced = mayBeReplaced.includes(end) && groups?.has(groupOf(end) ?? '') === true;
        await begin(isReplaced ? replaced(end) : end, scope);
      }
    },
    hasFailed: recordings.hasFailed,
    finish: async (giveUp) => ({ ...(await recordings.finish(giveUp)), written: changed.length }),
    next() {
      failures.length = 0;
      writer.next();
      recordings.next();
    },
    isNews(host) {
      const observation = observe(tenant, host);
      const outcome = observation && writer.expectedOutcome(observation, policyOf(host.series.resource));
      return outcome !== undefined && outcome !== 'unchanged' && outcome !== 'updated';
    },
    isReported: (host) => REPORTED.has(open.get(incidentKeyText(observe(tenant, host).key))?.status),
    isOpen: (host) => GOES_ON.has(open.get(incidentKeyText(observe(tenant, host).key))?.status),
    changed: () => changed.filter(({ value }) => value.undecided.length > 0 || value.outbox.length > 0),
  };
}

function isReportedLeak(open: ReadonlyMap<string, Incident>, { key }: Observation): boolean {
  return key.finding === 'leak' && REPORTED.has(open.get(incidentKeyText(key))?.status);
}

function replaced({ key, asOf }: Observation): Observation {
  return { kind: 'replaced', key, asOf };
}

interface WriterOptions extends Pick<RecorderOptions, 'endsIncidents' | 'now'> {
  readonly isSuperseded: () => Promise<boolean>;
}

/** Writes single observations, unless a newer run has been recorded meanwhile. An item that cannot be kept is added to the failures. */
function createWriter(
  { open, failures }: Awaited<ReturnType<typeof openIncidents>>,
  incidents: IncidentStore,
  { endsIncidents, now, isSuperseded }: WriterOptions,
) {
  const changed: Versioned<Incident>[] = [];
  let superseded: Promise<boolean> | undefined;

  return {
    /** The incidents that were stored. */
    changed,

    /** By the incident as it was at the beginning. */
    expectedOutcome(observation: Observation, { recoverAfter }: RecoveryPolicy): Transition['outcome'] {
      if (ENDING.has(observation.kind) && !endsIncidents) return 'unchanged';
      return outcomeOf(open.get(incidentKeyText(observation.key)), observation, recoverAfter, now);
    },

    async write(observation: Observation, of: Resource | Scope, { recoverAfter }: RecoveryPolicy): Promise<void> {
      if (observation.kind === 'leaking') {
        superseded ??= isSuperseded();
        if (await superseded) return;
      }
      try {
        const { stored } = await record(observation, incidents, { recoverAfter, now });
        if (stored !== undefined) changed.push(stored);
      } catch (error) {
        failures.push(unrecorded(of, error));
      }
    },

    /** Forgets what it wrote. */
    next() {
      changed.length = 0;
      superseded = undefined;
    },
  };
}

/** The records that are under way: at most `AT_ONCE`, and one after the other where they are of one incident. */
function createRecordings(timeIsUp: AbortSignal) {
  const underWay = new Map<string, Promise<void>>();
  let left = 0;
  let failure: unknown;

  async function run(key: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      left++;
      failure ??= error;
    }
    underWay.delete(key);
  }

  const isOver = () => timeIsUp.aborted || failure !== undefined;

  return {
    hasFailed: () => failure !== undefined,
    async begin(key: string, work: () => Promise<void>): Promise<void> {
      await raceWith(timeIsUp, underWay.get(key));
      while (underWay.size >= AT_ONCE && !isOver()) await raceWith(timeIsUp, Promise.race(underWay.values()));
      if (isOver()) left++;
      else underWay.set(key, run(key, work));
    },
    async finish(giveUp?: AbortSignal) {
      await raceWith(giveUp, Promise.all(underWay.values()));
      return { left: left + underWay.size, failure };
    },
    next() {
      left = 0;
    },
  };
}

/**
 * The open incidents of a scope by key, without what has still to be settled: it can be large, and decide nothing here. An
 * item that cannot be read back is a failure, and does not hide the others.
 */
async function openIncidents(tenant: string, scope: Scope, incidents: IncidentStore) {
  const open = new Map<string, Incident>();
  const failures: Unreadable[] = [];
  try {
    for await (const { value } of incidents.open(tenant, scope)) {
      open.set(incidentKeyText(value.key), { ...value, undecided: [], outbox: [] });
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
