import { describe, expect, it } from 'vitest';
import { runJobs, withJobs } from '../../../cli/simulation/jobs.ts';
import { livingFleetAt } from '../../../sandbox/scenario/living.ts';
import { NOON } from '../../fixtures/builders.ts';

const configs = livingFleetAt(NOON).tenants.map(withJobs);

describe('the jobs of a simulated fleet', () => {
  it('are of each account, in Azure of what needs no workspace', () => {
    const accounts = configs.flatMap(({ accounts }) => accounts);

    for (const { provider, anomalies } of accounts) {
      expect(anomalies).toHaveLength(1);
      expect(anomalies?.[0]?.metrics).toHaveLength(provider === 'azure' ? 1 : 3);
    }
  });

  it('are inspected account by account, as their schedules do', async () => {
    const inspected: object[] = [];
    const functions = {
      inspect: async (provider: string, run: object) => void inspected.push({ provider, ...run }),
    };
    const stored = configs.map((config) => ({ config }));

    await runJobs({ stored, functions }, NOON, new AbortController().signal);

    expect(inspected).toHaveLength(configs.flatMap(({ accounts }) => accounts).length);
    expect(inspected).toContainEqual({
      provider: 'aws',
      tenant: 'harbour',
      account: '111111111111',
      at: NOON,
      job: 'hourly',
    });
  });
});
