import { describe, expect, it } from 'vitest';
import { type CounterRow, missingConsumersHint } from '../../../adapters/azure-monitor/consumer-hints.ts';
import { aMachine, aNode } from './worlds.ts';

const { resource: machine } = aMachine();
const node = { ...aNode(3).resource, labels: { 'aks-managed-poolName': 'pool' } };

describe('the hint about missing consumers', () => {
  it('lists a few of the counters that there are', () => {
    const counters = Array.from({ length: 8 }, (_, index): CounterRow => ['Process', '*', `Counter ${index}`]);

    const hint = missingConsumersHint(machine, counters);

    expect(hint).toContain(': \\Process(*)\\Counter 0, ');
    expect(hint).toContain('\\Process(*)\\Counter 5 and 2 more. Change the data collection rule');
    expect(hint).not.toMatch(/install/i);
  });

  it('names what a node’s containers report instead of their working sets', () => {
    expect(missingConsumersHint(node, [['K8SContainer', '*', 'memoryRssBytes']])).toBe(
      'The agent reports counters of this node, and no memory by pod or process is among those that the workspace has in the ' +
        'window: K8SContainer memoryRssBytes. Change the data collection rule so that it collects Perf (with ' +
        'memoryWorkingSetBytes of K8SContainer) and KubePodInventory.',
    );
  });

  it('advises to install the agent only where it reports nothing', () => {
    expect(missingConsumersHint(machine, [])).toContain('Install the Azure Monitor agent');
  });
});
