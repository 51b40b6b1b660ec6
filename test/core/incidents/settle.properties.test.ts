/** Whatever happens to an incident, and whoever fails in between: each change is decided, logged and sent as the model has it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decide } from '../../../core/incidents/decide.ts';
import { type Observation, observeAnomalies } from '../../../core/incidents/observation.ts';
import { record } from '../../../core/incidents/record.ts';
import { settle } from '../../../core/incidents/settle.ts';
import { sweep } from '../../../core/incidents/sweep.ts';
import type { Severity } from '../../../core/model/finding.ts';
import type { Incident, IncidentKey } from '../../../core/model/incident.ts';
import { HOST_METRICS } from '../../../core/model/metrics.ts';
import type { Versioned } from '../../../core/ports/conditional-put.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { aFillingDisk, anAnomaly, HOURLY } from '../../fixtures/anomalies.ts';
import { aDecision, anIncidentKey, HOUR, NOON } from '../../fixtures/builders.ts';
import { leakAt, restartedAt } from '../../fixtures/leak-observations.ts';
import { aChaosWorld, type ChaosPorts, type ChaosWorld, Killed, NOTHING_WRONG, outcomeOf } from './chaos-world.ts';

/** Of `c` anomalies are observed, of the others a leak. */
const HOSTS = ['a', 'b', 'c'] as const;
type Host = (typeof HOSTS)[number];

/** What is true by now, without any of the machinery: the changes of each host, and what the policy makes of them. */
interface Model {
  hour: number;
  readonly seen: Record<Host, number>;
  readonly stale: Versioned<Incident>[];
}

interface Real {
  readonly world: ChaosWorld;
  readonly ports: (chance: number) => ChaosPorts;
  readonly decide: Decide;
}

/** Holds every suspicion, puts off what is worse for three hours, and sends the rest. */
const decideByKind =
  (now: () => number): Decide =>
  async (_, undecided) => ({
    decisions: undecided.map((one) => {
      const { kind, notBefore } = one.change;
      if (kind === 'suspected') return { ...one, decision: aDecision({ outcome: 'held', stage: 'rule' }) };
      if (kind !== 'worse' || notBefore !== undefined) return { ...one, decision: aDecision() };
      const decision = aDecision({ outcome: 'put_off', stage: 'quiet_hours', until: now() + 3 * HOUR });
      return { ...one, decision };
    }),
    fleets: [],
  });

const survive = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Killed) && !(error instanceof StoreError)) throw error;
  }
};

const keyOf = (host: Host) =>
  anIncidentKey({ host, ...(host === 'c' && { metric: HOST_METRICS, finding: 'anomaly' }) });

/** By the severity that an anomaly of the type has. */
const TYPES = { suspected: 'spike', medium: 'shift_up', high: 'limit_crossed', critical: 'fills' } as const;

const timeOf = ({ hour }: Model) => NOON + hour * HOUR;

abstract class Command implements fc.AsyncCommand<Model, Real> {
  check = () => true;
  abstract run(model: Model, real: Real): Promise<void>;
  abstract toString(): string;
}

class Observe extends Command {
  private readonly host: Host;
  readonly what: Severity | 'suspected' | 'steady';
  private readonly isLate: boolean;
  constructor(host: Host, what: Severity | 'suspected' | 'steady', isLate: boolean) {
    super();
    this.host = host;
    this.what = what;
    this.isLate = isLate;
  }

  toString = () => `${this.host} ${this.what}${this.isLate ? ' late' : ''}`;

  async run(model: Model, { world, ports }: Real): Promise<void> {
    if (!this.isLate) model.hour++;
    const asOf = timeOf(model) - (this.isLate ? 2 * HOUR : 0);
    const before = world.store.all().find(({ value }) => value.key.host === this.host);
    await survive(record(this.observation(asOf), ports(0).incidents, { recoverAfter: 2, now: timeOf(model) }));
    const after = await world.store.get(keyOf(this.host));
    const grown = (after?.value.transition ?? 0) - (before?.value.transition ?? 0);
    // One write has one change at the most, and its number is the next.
    expect([0, 1]).toContain(grown);
    if (grown === 1) expect(after?.value.undecided.at(-1)?.number).toBe(after?.value.transition);
    model.seen[this.host] += grown;
    if (after) model.stale.push(after);
  }

  private observation(asOf: number): Observation {
    const key = keyOf(this.host);
    const { what } = this;
    if (this.host === 'c') return anomaliesAt(asOf, key, what);
    // Memory that is given back ends a growth at once.
    if (what === 'steady') return restartedAt(asOf, { key });
    const seen = leakAt(asOf, {
      key,
      grade: what === 'suspected' ? 'suspected' : 'confirmed',
      severity: what === 'suspected' ? 'low' : what,
    });
    const resource = { provider: key.provider, account: key.account, region: key.region, id: key.host };
    return { ...seen, finding: { ...seen.finding, resource } };
  }
}

function anomaliesAt(asOf: number, key: IncidentKey, what: Observe['what']): Observation {
  const resource = { provider: key.provider, account: key.account, region: key.region, id: key.host };
  if (what === 'steady') return observeAnomalies('acme', HOURLY, resource, [], asOf);
  const times = { start: asOf - HOUR, last: asOf, reportedAt: asOf };
  const found =
    what === 'critical'
      ? aFillingDisk(times)
      : anAnomaly({ ...times, type: TYPES[what === 'low' ? 'suspected' : what] });
  return observeAnomalies('acme', HOURLY, resource, [found], asOf);
}

/** A run closes; it may know what was true some time ago, and may be killed at any call. */
class Settle extends Command {
  private readonly isStale: boolean;
  private readonly chance: number;
  constructor(isStale: boolean, chance: number) {
    super();
    this.isStale = isStale;
    this.chance = chance;
  }

  toString = () => `settle${this.isStale ? ' stale' : ''} ${this.chance}`;

  async run(model: Model, { world, ports, decide }: Real): Promise<void> {
    const current = [...world.store.all()];
    const known = this.isStale ? model.stale.slice(-3).filter((one, index, all) => isLastOf(one, index, all)) : current;
    await survive(settle(known, { ...ports(this.chance), decide }, { now: timeOf(model) }));
  }
}

function isLastOf({ value }: Versioned<Incident>, index: number, all: readonly Versioned<Incident>[]): boolean {
  return all.slice(index + 1).every((other) => other.value.key.host !== value.key.host);
}

class Sweep extends Command {
  private readonly chance: number;
  constructor(chance: number) {
    super();
    this.chance = chance;
  }

  toString = () => `sweep ${this.chance}`;

  async run(model: Model, { ports, decide }: Real): Promise<void> {
    await survive(sweep({ ...ports(this.chance), decide }, { now: timeOf(model) + HOUR / 2 }));
  }
}

class Wait extends Command {
  toString = () => 'wait';

  async run(model: Model): Promise<void> {
    model.hour += 4;
  }
}

const whats = ['suspected', 'medium', 'high', 'critical', 'steady', 'steady'] as const;
const chances = fc.constantFrom(0, 0.1, 0.3);
const commands = fc.commands(
  [
    fc
      .tuple(fc.constantFrom(...HOSTS), fc.constantFrom(...whats), fc.integer({ min: 0, max: 5 }))
      .map(([host, what, late]) => new Observe(host, what, late === 0)),
    fc.tuple(fc.boolean(), chances).map(([isStale, chance]) => new Settle(isStale, chance)),
    chances.map((chance) => new Sweep(chance)),
    fc.constant(new Wait()),
  ],
  { maxCommands: 60 },
);

describe('what happened to incidents', () => {
  it('is decided, logged and sent once, as it was first decided, whoever fails in between', async () => {
    await fc.assert(
      fc.asyncProperty(commands, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), async (run, draws) => {
        const random = () => draws.next().value ?? 0.5;
        let chance = 0;
        const world = aChaosWorld(random, {
          get killed() {
            return chance / 3;
          },
          get throttled() {
            return chance / 3;
          },
          get topicDown() {
            return chance;
          },
          lag: 0,
        });
        const model: Model = { hour: 0, seen: { a: 0, b: 0, c: 0 }, stale: [] };
        const real: Real = {
          world,
          decide: decideByKind(() => timeOf(model)),
          ports(given) {
            chance = given;
            return world.worker(async () => {});
          },
        };

        await fc.asyncModelRun(() => ({ model, real }), run);
        world.calm();
        for (const later of [HOUR, 5 * HOUR, 9 * HOUR])
          await sweep({ ...world.worker(async () => {}), decide: real.decide }, { now: timeOf(model) + later });

        const { outOfOrder: _, ...outcome } = outcomeOf(world);
        const { outOfOrder: __, ...right } = NOTHING_WRONG;
        expect(outcome).toEqual(right);
        expect(world.rewritten).toEqual([]);
        const logged = world.entries.flatMap((entry) => (entry.kind === 'change' ? [entry] : []));
        expect(logged).toHaveLength(model.seen.a + model.seen.b + model.seen.c);
        for (const { change, decision, body } of logged) {
          expect(decision.outcome).toBe(change.kind === 'suspected' ? 'held' : 'sent');
          expect(body?.data.kind).toBe(change.kind === 'suspected' ? undefined : change.kind);
        }
      }),
      { numRuns: 150, seed: 5 },
    );
  });
});
