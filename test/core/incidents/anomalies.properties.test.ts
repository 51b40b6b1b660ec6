/** Whatever jobs see of a host, and however often or late that comes: its incident is open while something is anomalous, and each change is there once. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnomalyObservation } from '../../../core/incidents/observation.ts';
import { transition } from '../../../core/incidents/transition.ts';
import type { HostAnomaly } from '../../../core/model/anomaly.ts';
import { ANOMALY_TYPES } from '../../../core/model/anomaly.ts';
import { type Incident, incidentSchema } from '../../../core/model/incident.ts';
import { anAnomaly, gone, MINUTE, observed } from '../../fixtures/anomalies.ts';
import { NOON } from '../../fixtures/builders.ts';
import { HOSTILE } from '../../fixtures/notifications.ts';

const JOBS = [
  { name: 'resident', everyMinutes: 1 },
  { name: 'hourly', everyMinutes: 60 },
] as const;

const texts = fc.constantFrom('/var', ...HOSTILE);

/** As seen so many minutes after noon. */
function anomalies(minutes: number): fc.Arbitrary<HostAnomaly> {
  return fc
    .record({
      metric: fc.constantFrom('system.cpu.utilization', 'system.filesystem.utilization', 'queue.length'),
      label: texts,
      part: fc.dictionary(texts, texts, { maxKeys: 6, noNullPrototype: true }),
      type: fc.constantFrom(...ANOMALY_TYPES),
      goesOn: fc.boolean(),
      age: fc.integer({ min: 0, max: 300 }),
      value: fc.double({ noDefaultInfinity: true, noNaN: true }),
      low: fc.constantFrom(0.2, Number.NEGATIVE_INFINITY),
    })
    .map(({ age, value, low, ...rest }) => {
      const last = NOON + (rest.goesOn ? minutes : minutes - age) * MINUTE;
      const times = { start: last - 5 * MINUTE, last, reportedAt: last };
      return anAnomaly({ ...rest, ...times, peak: { ...anAnomaly().peak, value, low } });
    });
}

/** What jobs observe, in the order of time. */
const runs = fc
  .array(fc.record({ job: fc.constantFrom(...JOBS), wait: fc.integer({ min: 1, max: 90 }), what: fc.nat(9) }), {
    maxLength: 25,
  })
  .chain((steps) => {
    let minutes = 0;
    const observations = steps.map(({ job, wait, what }): fc.Arbitrary<AnomalyObservation> => {
      minutes += wait;
      const at = minutes;
      if (what === 0) return fc.constant(gone(at));
      if (what === 1) return fc.constant(observed(at, undefined, job));
      return fc.array(anomalies(at), { maxLength: what < 5 ? 0 : 3 }).map((found) => observed(at, found, job));
    });
    return fc.tuple(...observations);
  });

function apply(
  observations: readonly AnomalyObservation[],
  each?: (incident: Incident | undefined, last: AnomalyObservation) => void,
) {
  let incident: Incident | undefined;
  let now = 0;
  // Nothing is decided here: what is appended is taken out, so that none leaves for want of room.
  const changes: Incident['undecided'][number][] = [];
  for (const observation of observations) {
    now = Math.max(now, observation.asOf);
    const next = transition(incident, observation, 2, now);
    if (next.outcome !== 'unchanged') {
      changes.push(...next.incident.undecided);
      incident = incidentSchema.parse({ ...next.incident, undecided: [] });
    }
    each?.(incident, observation);
  }
  return { incident, changes };
}

const ENDS = ['recovered', 'cleared', 'host_gone'];

describe('the incident of a host with anomalies', () => {
  it('has each change once, numbered, from one opening to one end', () => {
    fc.assert(
      fc.property(runs, (observations) => {
        const { incident, changes } = apply(observations);

        expect(changes.map(({ number }) => number)).toEqual(changes.map((_, index) => index + 1));
        const episodes = [...Map.groupBy(changes, ({ episode }) => episode).values()];
        episodes.forEach((episode, index) => {
          const kinds = episode.map(({ kind }) => kind);
          const isOver = index < episodes.length - 1 || incident?.status === 'closed';
          expect(kinds.filter((kind) => kind === 'opened')).toEqual(['opened']);
          expect(kinds[0]).toBe('opened');
          expect(kinds.filter((kind) => ENDS.includes(kind))).toHaveLength(isOver ? 1 : 0);
          if (isOver) expect(ENDS).toContain(kinds.at(-1));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is open while a job sees an anomaly that goes on', () => {
    fc.assert(
      fc.property(runs, (observations) => {
        const goingOn = new Map<string, boolean>();
        const ofJobs = observations.filter(({ kind }) => kind !== 'gone');
        apply(ofJobs, (incident, last) => {
          if (last.kind === 'anomalous')
            goingOn.set(
              last.job.name,
              last.finding.anomalies.some(({ goesOn }) => goesOn),
            );
          if (last.kind === 'not_anomalous') goingOn.set(last.job.name, false);
          if ([...goingOn.values()].includes(true)) expect(incident?.status).toBe('open');
        });
      }),
      { numRuns: 60 },
    );
  });

  it('is the same where runs are repeated, at once and later', () => {
    fc.assert(
      fc.property(runs, fc.array(fc.nat(25), { maxLength: 10 }), (observations, repeats) => {
        const again = observations.flatMap((one, index) => [
          one,
          one,
          ...repeats.filter((at) => at < index).map((at) => observations[at] ?? one),
        ]);

        expect(keyFacts(apply(again))).toEqual(keyFacts(apply(observations)));
      }),
      { numRuns: 50 },
    );
  });
});

function keyFacts({ incident, changes }: ReturnType<typeof apply>) {
  return {
    status: incident?.status,
    episode: incident?.episode,
    kinds: changes.map(({ kind, at }) => `${kind} ${at}`),
  };
}
