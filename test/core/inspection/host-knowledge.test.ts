/** What runs know of a host is what a view of it knows, as far as it can be read. */
import { describe, expect, it } from 'vitest';
import { hostKnowledge } from '../../../core/inspection/host-knowledge.ts';
import { DEFAULT_POLICY } from '../../../core/model/policy.ts';
import { StoreError } from '../../../core/ports/errors.ts';
import { aResource, NOON } from '../../fixtures/builders.ts';
import { aBaseline, aHostBaseline, aManifest } from '../../fixtures/host-baselines.ts';

const HOST = aResource({ id: 'i-1', group: 'web' });
const REQUEST = {
  tenant: 'acme',
  scope: { provider: 'aws', account: '111122223333', region: 'eu-west-1' },
  hosts: undefined,
  asOf: NOON,
  policy: DEFAULT_POLICY,
} as const;

const RECORD = aHostBaseline({ group: 'web', host: 'i-1', baseline: aBaseline() });
const KEY = { group: 'web', host: 'i-1' };
const PARTS = [{ shard: 0, records: 1, first: KEY, last: KEY }];
const MANIFEST = aManifest({ versions: [{ slot: NOON, moment: NOON, parts: PARTS }] });
const weeks = {
  baselines: {
    manifest: async () => ({ version: '1', value: MANIFEST }),
    part: async () => [RECORD],
  },
};
const weightsOf = async () => ({ siblings: 0.5 });

const fails = async () => {
  throw new StoreError('the store is down');
};

describe('what is known of a host', () => {
  it('is its baseline, and the weights of its tenant', async () => {
    const { knowledgeOf, problems } = await hostKnowledge(REQUEST, { weeks, weightsOf });

    expect(knowledgeOf(HOST)).toEqual({ baseline: RECORD.baseline, weights: { siblings: 0.5 } });
    expect(problems).toEqual([]);
  });

  it('has nothing of weeks where the policy has no deep reads', async () => {
    const policy = { ...DEFAULT_POLICY, deepReadDays: 0 };

    const { knowledgeOf } = await hostKnowledge({ ...REQUEST, policy }, { weeks, weightsOf });

    expect(knowledgeOf(HOST)).toEqual({ weights: { siblings: 0.5 } });
  });

  it('states what could not be read, and keeps the rest', async () => {
    const down = { baselines: { ...weeks.baselines, manifest: fails } };

    const withoutWeeks = await hostKnowledge(REQUEST, { weeks: down, weightsOf });
    const withoutWeights = await hostKnowledge(REQUEST, { weeks, weightsOf: fails });

    expect(withoutWeeks.knowledgeOf(HOST)).toEqual({ weights: { siblings: 0.5 } });
    expect(withoutWeights.knowledgeOf(HOST)).toEqual({ baseline: RECORD.baseline });
    expect([withoutWeeks.problems, withoutWeights.problems]).toEqual([['the store is down'], ['the store is down']]);
  });
});
