import { describe, expect, it } from 'vitest';
import { votesIn, votesOfHosts } from '../../../core/incidents/label-votes.ts';
import type { Change } from '../../../core/model/change.ts';
import { incidentId } from '../../../core/model/incident.ts';
import type { IncidentEvent } from '../../../core/model/incident-event.ts';
import type { WrittenVote } from '../../../core/model/written-vote.ts';
import type { EventQuery } from '../../../core/ports/event-log.ts';
import { aChange, aDecision, anIncidentKey, aResource, HOUR, NOON } from '../../fixtures/builders.ts';

const CURVE: WrittenVote = {
  evaluator: 'statistical',
  confidence: 0.9,
  logOdds: 2,
  weight: 1,
  reason: 'curve',
  message: '',
};
const SIBLINGS: WrittenVote = { ...CURVE, evaluator: 'siblings', confidence: 0.1, logOdds: 1, weight: 0.5 };

function changeWith(votes: readonly WrittenVote[], overrides: Partial<Change> = {}): Change {
  const change = aChange();
  if (change.leak === undefined) throw new Error('the change states no leak');
  return { ...change, leak: { ...change.leak, votes: [...votes] }, ...overrides };
}

describe('the votes of a label on an incident', () => {
  it('are those of the newest change that has some, before their weights and without the curve', () => {
    const votes = votesIn([{ change: aChange() }, { change: changeWith([CURVE, SIBLINGS]) }]);

    expect(votes).toEqual([{ evaluator: 'siblings', logLikelihood: 2 }]);
  });

  it('keep the side of an evaluator that has no weight any more', () => {
    const lost = [
      { ...SIBLINGS, weight: 0, logOdds: 0 },
      { ...SIBLINGS, evaluator: 'swap', confidence: 0.001, weight: 0, logOdds: 0 },
    ];

    const votes = votesIn([{ change: changeWith(lost) }]);

    expect(votes?.map(({ logLikelihood }) => Math.sign(logLikelihood))).toEqual([1, -1]);
  });

  it('are what an evaluator that replaces the curve states by itself, not its difference from the curve', () => {
    const consumers = { ...SIBLINGS, evaluator: 'consumers', confidence: 0.974, weight: 1, logOdds: -0.42 };
    const swap = { ...SIBLINGS, evaluator: 'swap', confidence: 0.001, weight: 1, logOdds: 0.3 };

    const votes = votesIn([{ change: changeWith([CURVE, consumers, swap]) }]);

    expect(votes?.map(({ logLikelihood }) => Math.sign(logLikelihood))).toEqual([1, -1]);
    expect(votes?.[0]?.logLikelihood).toBeCloseTo(7.1, 1);
  });

  it('keep the side of an evaluator that was left out beside another one', () => {
    const votes = votesIn([{ change: changeWith([{ ...SIBLINGS, evaluator: 'weeks', weight: 1, logOdds: 0 }]) }]);

    expect(votes?.[0]?.logLikelihood).toBeGreaterThan(1);
  });

  it('are unknown where nothing but the curve voted, and of evaluators of other versions', () => {
    expect(votesIn([{ change: changeWith([CURVE]) }])).toBeUndefined();
    expect(votesIn([{ change: changeWith([{ ...SIBLINGS, evaluator: 'oracle' }]) }])).toBeUndefined();
    expect(votesIn([])).toBeUndefined();
  });
});

describe('the votes of a label on hosts', () => {
  const key = anIncidentKey();
  const change = changeWith([CURVE, SIBLINGS], { at: NOON - HOUR });
  const event: IncidentEvent = {
    kind: 'change',
    id: 'change-1',
    tenant: key.tenant,
    incident: incidentId(key, change.episode),
    at: change.at,
    host: aResource({ id: key.host }),
    change,
    decision: aDecision(),
  };
  const asked: EventQuery[] = [];
  const log = {
    list: async (_: string, query: EventQuery) => {
      asked.push(query);
      return { events: [event], cursor: null };
    },
  };

  it('are those of their incidents in the labelled time', async () => {
    const label = { tenant: key.tenant, subject: { host: key.host }, from: NOON - 5 * HOUR, to: null };

    expect(await votesOfHosts(label, log, NOON)).toEqual([{ evaluator: 'siblings', logLikelihood: 2 }]);
    expect(asked.at(-1)).toMatchObject({ from: NOON - 5 * HOUR, to: NOON });
  });

  it('are unknown of other hosts, and of a time to come', async () => {
    const label = { tenant: key.tenant, subject: { host: 'another' }, from: null, to: null };

    expect(await votesOfHosts(label, log, NOON)).toBeUndefined();
    expect(await votesOfHosts({ ...label, from: NOON + HOUR }, log, NOON)).toBeUndefined();
  });
});
