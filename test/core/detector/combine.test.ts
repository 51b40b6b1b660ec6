import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidedBy, type Opinion, ownVote, shifted, weighted } from '../../../core/detector/combine.ts';
import { EVALUATORS } from '../../../core/model/vote.ts';

const PRIOR = 0.03;
const opinion = (logOdds: number, evaluator: Opinion['evaluator'] = 'siblings'): Opinion => {
  return { evaluator, logOdds, reason: 'curve', facts: {} };
};
const oddsOf = (confidence: number) => Math.log(confidence / (1 - confidence));

describe('votes', () => {
  it('leave the confidence of the curve as it is, to the digit, where there are none', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (confidence) => shifted(confidence, []) === confidence),
    );
  });

  it('add their log-odds to those of the curve', () => {
    const votes = weighted([opinion(1), null, opinion(-3, 'consumers')], PRIOR, undefined);

    expect(oddsOf(shifted(0.6, votes))).toBeCloseTo(oddsOf(0.6) - 2, 9);
  });

  it('count by the weight that labels left to their evaluator', () => {
    const [vote] = weighted([opinion(2)], PRIOR, { siblings: 0.25 });

    expect(vote).toMatchObject({ weight: 0.25, logOdds: 0.5 });
    expect(oddsOf(vote?.confidence ?? 0)).toBeCloseTo(oddsOf(PRIOR) + 2, 9);
  });

  it('never move the log-odds by more than what was measured supports', () => {
    const votes = weighted([opinion(99), opinion(-99, 'swap')], PRIOR, undefined);

    expect(votes.map(({ logOdds }) => logOdds)).toEqual([4, -4]);
  });

  it('replace the curve once, by the one that moves it most and has weight left', () => {
    const replacing = (evaluator: 'consumers' | 'swap', logOdds: number): Opinion => {
      return { ...opinion(logOdds, evaluator), confidence: 0.3, replaces: { share: 1, steadyRise: 0 } };
    };
    const both = [replacing('consumers', 5), replacing('swap', 6)];

    expect(weighted(both, PRIOR, undefined).map(({ logOdds }) => logOdds)).toEqual([0, 6]);
    expect(weighted(both, PRIOR, { swap: 0.5 }).map(({ logOdds }) => logOdds)).toEqual([5, 0]);
    expect(weighted(both, PRIOR, undefined).map(({ confidence }) => confidence)).toEqual([0.3, 0.3]);
  });

  it('of siblings count for little beside consumers, as far as those replace the curve', () => {
    const consumers = (share: number): Opinion => {
      return { ...opinion(-1, 'consumers'), replaces: { share, steadyRise: 0 } };
    };
    const ofSiblings = (share: number) => weighted([opinion(-2), consumers(share)], PRIOR, undefined)[0]?.logOdds ?? 0;

    expect(ofSiblings(0)).toBe(-2);
    expect(ofSiblings(1)).toBeGreaterThan(-0.5);
    expect(ofSiblings(0.5)).toBeCloseTo((ofSiblings(0) + ofSiblings(1)) / 2, 9);
  });

  it('give a probability, whatever the curve gave', () => {
    const anyOpinion = fc.record({
      evaluator: fc.constantFrom(...EVALUATORS),
      logOdds: fc.double({ noNaN: true }),
      reason: fc.constant('curve' as const),
      facts: fc.constant({}),
    });
    fc.assert(
      fc.property(fc.constantFrom(0, 1e-12, 0.5, 1), fc.array(anyOpinion, { maxLength: 5 }), (confidence, opinions) => {
        const moved = shifted(confidence, weighted(opinions, PRIOR, undefined));

        expect(moved).toBeGreaterThanOrEqual(0);
        expect(moved).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('the evaluator that decides', () => {
  const decided = (confidence: number, ...opinions: Opinion[]) =>
    decidedBy(ownVote(confidence), weighted(opinions, PRIOR, undefined), 0.7);

  it('is the curve where no vote turns the verdict', () => {
    expect([decided(0.9), decided(0.9, opinion(1)), decided(0.1, opinion(-1))]).toEqual(Array(3).fill('statistical'));
  });

  it('is the one without whose vote the verdict would be another', () => {
    expect(decided(0.4, opinion(0.1, 'swap'), opinion(3, 'consumers'))).toBe('consumers');
    expect(decided(0.9, opinion(-3, 'siblings'))).toBe('siblings');
  });

  it('is the one that moved it most where there are several', () => {
    expect(decided(0.4, opinion(1, 'swap'), opinion(1.2, 'consumers'))).toBe('consumers');
  });

  it('is the one that moved it most to its side where several turned it and none was needed', () => {
    const both = [opinion(3, 'siblings'), opinion(3.5, 'weeks')];

    expect(decided(0.4, ...both)).toBe('weeks');
    expect(decided(0.2, ...both, opinion(-0.1, 'baseline'))).toBe('weeks');
    expect(decided(0.8, opinion(-2.5, 'siblings'), opinion(-3, 'baseline'), opinion(0.2, 'swap'))).toBe('baseline');
  });
});
