/** The key of an incident as one text. */
import { describe, expect, it } from 'vitest';
import { incidentId, incidentKeyText } from '../../../core/model/incident.ts';
import { anIncidentKey } from '../../fixtures/builders.ts';

function textOf(host: string): string {
  return incidentKeyText(anIncidentKey({ host }));
}

describe('the text of an incident’s key', () => {
  it('encodes the parts, so that a slash in a name separates none', () => {
    expect(textOf('a/b c')).toBe('acme/aws/111122223333/eu-west-1/a%2Fb%20c/system.memory.utilization');
  });

  it('encodes half a surrogate pair, and leaves complete pairs around it as they are', () => {
    expect(textOf('web-\ud800-\u{1f600}-\udfff')).toBe(
      'acme/aws/111122223333/eu-west-1/web-%ud800-%F0%9F%98%80-%udfff/system.memory.utilization',
    );
  });

  it('is another one for another half, for its replacement character and for its encoding as a name', () => {
    const texts = ['web-\ud800', 'web-\ud801', 'web-\ufffd', 'web-%ud800'].map(textOf);

    expect(new Set(texts).size).toBe(4);
  });

  it('has an empty part where there is no region', () => {
    expect(incidentKeyText(anIncidentKey({ region: null }))).toBe(
      'acme/aws/111122223333//i-0a1b2c3d/system.memory.utilization',
    );
  });
});

describe('the id of an incident', () => {
  it('is the key and the episode', () => {
    const key = anIncidentKey();

    expect(incidentId(key, 3)).toBe(`${incidentKeyText(key)}/3`);
  });
});
