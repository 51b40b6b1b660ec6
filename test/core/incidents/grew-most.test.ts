/** What grew most is remembered from one cycle to the next. */
import { describe, expect, it } from 'vitest';
import { lastCycleOf, withGrewMost } from '../../../core/incidents/grew-most.ts';
import type { Change, ChangeKind } from '../../../core/model/change.ts';
import { incidentSchema } from '../../../core/model/incident.ts';
import { roundFigure } from '../../../core/model/notation.ts';
import { aChange, aContribution, aFinding, anAttribution, anIncident, NOON } from '../../fixtures/builders.ts';

const MIB = 2 ** 20;

function inCycle(cycle: number, kind: ChangeKind, consumer?: readonly [string, number]): Change {
  const grown = consumer && [aContribution(...consumer)];
  const change = aChange({}, kind, grown && aFinding({ attribution: anAttribution({ grown }) }));
  return { ...change, cycles: { cycle, firstAt: NOON, lastedHours: [], reopened: false } };
}

const GIVEN_BACK = { how: 'memory_given_back', ageHours: 61, confidence: null } as const;

describe('an incident', () => {
  it('remembers what grew most in the cycle before, by how much, and how that ended', () => {
    const changes = [inCycle(1, 'opened', ['java', 18]), { ...inCycle(1, 'recovered'), end: GIVEN_BACK }];

    const incident = changes.reduce(withGrewMost, anIncident());

    const java = { kind: 'process', name: 'java', rise: roundFigure(18 * MIB) };
    expect(lastCycleOf(incident, inCycle(2, 'opened'))).toEqual({ ...java, ended: 'memory_given_back' });
    expect(lastCycleOf(changes.slice(0, 1).reduce(withGrewMost, anIncident()), inCycle(2, 'suspected'))).toEqual(java);
  });

  it('takes the newest statement of a cycle, and the same one twice', () => {
    const changes = [inCycle(1, 'opened', ['java', 18]), inCycle(1, 'worse', ['node', 40])];

    const once = changes.reduce(withGrewMost, anIncident());

    expect(lastCycleOf(once, inCycle(2, 'opened'))).toMatchObject({ name: 'node', rise: roundFigure(40 * MIB) });
    expect(withGrewMost(once, inCycle(1, 'worse', ['node', 40]))).toEqual(once);
  });

  it('keeps two cycles of many', () => {
    const changes = [1, 2, 3, 4].map((cycle) => inCycle(cycle, 'opened', ['java', cycle]));

    const incident = incidentSchema.parse(changes.reduce(withGrewMost, anIncident()));

    expect(incident.grewMost?.map(({ cycle }) => cycle)).toEqual([3, 4]);
  });

  it('states nothing of another episode, of its own cycle, or in a message that begins no growth', () => {
    const incident = withGrewMost(anIncident(), inCycle(1, 'opened', ['java', 18]));

    const stated = [
      { ...inCycle(2, 'opened'), episode: 2 },
      inCycle(1, 'opened'),
      inCycle(2, 'worse'),
      inCycle(2, 'recovered'),
    ].map((change) => lastCycleOf(incident, change));

    expect(stated).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('stays as it is where nobody knows what grew', () => {
    const incident = anIncident();

    expect(withGrewMost(incident, inCycle(1, 'opened'))).toBe(incident);
    expect(withGrewMost(incident, { ...inCycle(1, 'recovered'), end: GIVEN_BACK })).toBe(incident);
  });
});
