import { describe, expect, it } from 'vitest';
import { hostNameAndId, scopeText } from '../../../core/messages/locations.ts';
import { findingParts, incidentKeyText } from '../../../core/model/incident.ts';
import { anIncidentKey } from '../../fixtures/builders.ts';

describe('scopeText', () => {
  it.each([
    [{ provider: 'aws', account: '111122223333', region: 'eu-west-1' }, 'aws 111122223333 eu-west-1'],
    [{ provider: 'aws', account: '111122223333', region: null }, 'aws 111122223333'],
    [{ provider: 'local', account: 'trace.csv', region: 'local' }, 'trace.csv'],
  ] as const)('writes %j as %s', (scope, text) => {
    expect(scopeText(scope)).toBe(text);
  });
});

describe('hostNameAndId', () => {
  it('names a host without a name by its id', () => {
    expect(hostNameAndId({ id: 'i-1' })).toBe('i-1');
    expect(hostNameAndId({ id: 'i-1', name: 'web' })).toBe('web (i-1)');
  });
});

describe('incidentKeyText', () => {
  it('has an empty part for a source without regions', () => {
    const text = incidentKeyText(anIncidentKey({ region: null }));

    expect(text).toBe('acme/aws/111122223333//i-0a1b2c3d/system.memory.utilization');
  });

  it('names the kind of a finding that is not a leak, so that two kinds about one metric are two incidents', () => {
    expect(findingParts('leak')).toEqual([]);
    expect(findingParts('early')).toEqual(['early']);
  });
});
