import { describe, expect, it } from 'vitest';
import { leakFacts } from '../../../core/incidents/change-facts.ts';
import { factsOf } from '../../../core/messages/brief-facts.ts';
import { deciderText, evaluatorName, writtenVotes, youngHostText } from '../../../core/messages/who-decided.ts';
import { leakSchema } from '../../../core/model/notification.ts';
import { EVALUATORS, type Vote } from '../../../core/model/vote.ts';
import { aFinding, aLeakingVerdict, aNotification, anEvidence } from '../../fixtures/builders.ts';

const CURVE: Vote = { evaluator: 'statistical', confidence: 0.6, logOdds: 0.4, weight: 1, reason: 'curve', facts: {} };
const SIBLINGS: Vote = { ...CURVE, evaluator: 'siblings', confidence: 0.123456789, logOdds: 1.5, weight: 0.5 };

describe('writtenVotes', () => {
  it('is empty where nothing voted beside the curve', () => {
    expect(writtenVotes({ votes: [CURVE] })).toEqual([]);
  });

  it('has a sentence for each vote, in their order', () => {
    const written = writtenVotes({ votes: [CURVE, SIBLINGS] });

    expect(written).toEqual([
      {
        evaluator: 'statistical',
        confidence: 0.6,
        logOdds: 0.4,
        weight: 1,
        reason: 'curve',
        message: expect.stringMatching(/\.$/),
      },
      {
        evaluator: 'siblings',
        confidence: 0.123457,
        logOdds: 1.5,
        weight: 0.5,
        reason: 'curve',
        message: expect.stringMatching(/\.$/),
      },
    ]);
  });
});

describe('the sentence of a vote', () => {
  const grows: Vote = { ...CURVE, evaluator: 'consumers', confidence: 0.974, logOdds: -0.42, reason: 'consumer_grows' };
  const nobody: Vote = { ...grows, confidence: 0.01, logOdds: 2, reason: 'nobody_grows', facts: { consumers: 2 } };
  const swap: Vote = { ...grows, evaluator: 'swap', logOdds: 3, reason: 'moved_to_swap' };
  const steady: Vote = { ...CURVE, evaluator: 'weeks', logOdds: 0, reason: 'steady_rise' };
  const sentencesOf = (...votes: Vote[]) => writtenVotes({ votes: [CURVE, ...votes] }).map(({ message }) => message);

  it('states where an evaluator is less sure than the curve that it replaces', () => {
    expect(sentencesOf(grows)[1]).toMatch(/grows like a leak.*\. It is less sure of a leak than the host’s own curve/);
    expect(sentencesOf(nobody)[1]).toMatch(/^None of its 2 consumers grows\. It is less sure of health/);
    expect(sentencesOf({ ...grows, logOdds: 1 })[1]).not.toContain('less sure');
  });

  it('states which vote counts instead of one that adds nothing', () => {
    expect(sentencesOf({ ...grows, logOdds: 0 }, swap)[1]).toContain('It is not added to the vote of its swap');
    expect(sentencesOf(steady, nobody)[1]).toContain('It is not added: the curve of its processes does not rise so.');
    expect(sentencesOf({ ...grows, logOdds: 0, weight: 0 }, swap)[1]).not.toContain('not added');
  });
});

describe('deciderText', () => {
  const votes = writtenVotes({ votes: [CURVE, SIBLINGS] });

  it('names the evaluator that decided, and why', () => {
    expect(deciderText(votes, 'siblings')).toMatch(/^the hosts beside it\. \w.*\.$/);
  });

  it.each(['statistical', undefined, 'swap'])('is not stated where %s decided', (decidedBy) => {
    expect(deciderText(votes, decidedBy)).toBeUndefined();
  });
});

describe('evaluatorName', () => {
  it('names every evaluator differently, and one of a later version as it is', () => {
    expect(new Set(EVALUATORS.map(evaluatorName)).size).toBe(EVALUATORS.length);
    expect(evaluatorName('oracle')).toBe('oracle');
  });
});

describe('youngHostText', () => {
  it('states which evaluators count within the first day', () => {
    expect(youngHostText({ historyHours: 12, votes: [CURVE] })).toMatch(
      /^With less than a day of history its own curve alone counts/,
    );
    expect(youngHostText({ historyHours: 12, votes: [CURVE, SIBLINGS] })).toContain('and the hosts beside it count');
    expect(youngHostText({ historyHours: 24, votes: [CURVE] })).toBeUndefined();
  });
});

describe('a notification of a leak', () => {
  it('states the votes, and who decided, where something voted beside the curve', () => {
    const verdict = aLeakingVerdict({ evidence: anEvidence({ votes: [CURVE, SIBLINGS], decidedBy: 'siblings' }) });

    const leak = leakFacts(aFinding({ verdict }));

    expect(leakSchema.parse(leak)).toEqual(leak);
    expect(leak.votes?.map(({ evaluator }) => evaluator)).toEqual(['statistical', 'siblings']);
    expect(leak.decidedBy).toBe('siblings');
    const { data } = aNotification();
    const decided = factsOf({ ...data, leak }, 0).find(({ label }) => label === 'Decided');
    expect(decided?.text).toContain('decided by the hosts beside it. ');
  });

  it('has neither where the curve is all there is to go by', () => {
    const leak = leakFacts(aFinding());

    expect(leak).not.toHaveProperty('votes');
    expect(leak).not.toHaveProperty('decidedBy');
    expect(factsOf({ ...aNotification().data, leak }, 0).find(({ label }) => label === 'Decided')?.text).not.toContain(
      'decided by',
    );
  });
});
