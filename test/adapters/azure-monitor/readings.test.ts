import { describe, expect, it } from 'vitest';
import type { Host } from '../../../adapters/azure-monitor/inventory.ts';
import { evaluateBytes } from '../../../adapters/azure-monitor/readings.ts';
import { LEAK_METRIC } from '../../../core/model/metrics.ts';
import { aMachine, SIX_HOURS } from './worlds.ts';

function withoutMetrics(size: string | undefined) {
  const host: Host = { kind: 'Microsoft.Compute/virtualMachines', resource: aMachine().resource, size };
  return evaluateBytes({ host, samples: { kind: 'no_metric' } }, undefined, { metric: LEAK_METRIC, span: SIX_HOURS });
}

describe('a machine of which Azure has no memory metrics', () => {
  it.each([
    'Standard_DC4as_v5',
    'Standard_DC96ads_v6',
    'Standard_EC8as_v5',
    'Standard_EC96ias_v5',
    'Standard_EC128ieds_v5',
    'Standard_DC2es_v6',
    'standard_ec4eds_v5',
    'Standard_NCC40ads_H100_v5',
  ])('cannot have them where its size is a confidential one: %s', (size) => {
    expect(withoutMetrics(size)).toMatchObject({
      kind: 'not_monitored',
      reason: 'unsupported',
      hint: expect.stringContaining(`Its size (${size}) is a confidential one: Azure cannot look into the memory`),
    });
  });

  it.each([
    'Standard_D4as_v5',
    'Standard_E4ads_v5',
    'Standard_DC4s_v3',
    'Standard_DC8ds_v3',
    'Standard_DC2s_v2',
    'Standard_EC2',
    undefined,
  ])('may be one without drivers where it is not: %s', (size) => {
    expect(withoutMetrics(size)).toMatchObject({
      kind: 'not_monitored',
      reason: 'not_reported',
      hint: expect.stringContaining('an operating system with Azure’s drivers'),
    });
  });
});
