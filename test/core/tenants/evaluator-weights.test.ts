import { describe, expect, it } from 'vitest';
import type { Label } from '../../../core/model/mute.ts';
import { evaluatorWeights, weightsByName } from '../../../core/tenants/evaluator-weights.ts';
import { aLabel } from '../../fixtures/builders.ts';

/** A label on an incident of its own, on which siblings voted by so much. */
function labelled(index: number, kind: Label['kind'], logLikelihood: number): Label {
  const votes = [{ evaluator: 'siblings', logLikelihood }] as const;
  return { ...aLabel('acme', `l-${index}`, index), kind, subject: { incident: `incident-${index}` }, votes };
}

function given(count: number, kind: Label['kind'], logLikelihood: number, from = 0): Label[] {
  return Array.from({ length: count }, (_, index) => labelled(from + index, kind, logLikelihood));
}

function weightAfter(labels: readonly Label[]): number | undefined {
  return evaluatorWeights(labels)[0]?.weight;
}

describe('the weight of an evaluator', () => {
  it('is unknown where it never voted on what is labelled, or hardly', () => {
    expect(evaluatorWeights([])).toEqual([]);
    expect(evaluatorWeights([aLabel()])).toEqual([]);
    expect(evaluatorWeights(given(9, 'false-positive', 0.05))).toEqual([]);
  });

  it('stays complete while fewer than eight of its votes are labelled', () => {
    expect(weightAfter(given(7, 'false-positive', 2))).toBe(1);
  });

  it.each(['false-positive', 'normal-period'] as const)(
    'is halved when eight votes for a leak were on a %s',
    (kind) => {
      const [weight] = evaluatorWeights(given(8, kind, 2));

      expect(weight).toEqual({
        evaluator: 'siblings',
        weight: 0.5,
        right: 0,
        wrong: 8,
        changedAt: labelled(7, kind, 2).at,
      });
    },
  );

  it.each(['true-positive', 'known-leak'] as const)(
    'is halved when eight votes against a leak were on a %s',
    (kind) => {
      expect(weightAfter(given(8, kind, -2))).toBe(0.5);
    },
  );

  it('stays complete where it was wrong no more often than by chance', () => {
    const labels = [...given(6, 'false-positive', 2), ...given(4, 'true-positive', 2, 6)];

    expect(weightAfter(labels)).toBe(1);
  });

  it('is lost entirely when the next eight were wrong too', () => {
    expect(weightAfter(given(15, 'false-positive', 2))).toBe(0.5);
    expect(weightAfter(given(16, 'false-positive', 2))).toBe(0);
  });

  it('is regained by a quarter for each eight labels on which it was right more often', () => {
    const lost = given(16, 'false-positive', 2);

    expect(weightAfter([...lost, ...given(8, 'true-positive', 2, 16)])).toBe(0.25);
    expect(weightAfter([...lost, ...given(40, 'true-positive', 2, 16)])).toBe(1);
  });

  it('is complete again when the labels that took it are taken back', () => {
    const labels = given(8, 'false-positive', 2);

    expect(weightAfter(labels.slice(1))).toBe(1);
  });

  it('counts the last of several labels on the same incident', () => {
    const first = given(8, 'false-positive', 2);
    const again = first.map(
      (label, index): Label => ({ ...label, id: `again-${index}`, kind: 'true-positive', at: label.at + 1e9 }),
    );

    expect(evaluatorWeights([...first, ...again])).toMatchObject([{ weight: 1, right: 8, wrong: 0 }]);
  });
});

describe('weightsByName', () => {
  it('leaves out evaluators that have all of their weight', () => {
    const known = { right: 0, wrong: 0, changedAt: null };

    const weights = weightsByName([
      { evaluator: 'siblings', weight: 0, ...known },
      { evaluator: 'swap', weight: 1, ...known },
    ]);

    expect(weights).toEqual({ siblings: 0 });
  });
});
