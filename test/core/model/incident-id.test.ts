import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { incidentId } from '../../../core/model/incident.ts';
import { parseIncidentId } from '../../../core/model/incident-id.ts';
import { FINDING_KINDS } from '../../../core/model/metrics.ts';
import { anyText } from '../../fixtures/any-text.ts';
import { anIncidentKey } from '../../fixtures/builders.ts';

const name = anyText({ minLength: 1 });

describe('the id of an incident', () => {
  it('is read back as the key and the episode that it was made of, whatever its host is called', () => {
    const region = fc.oneof(name, fc.constant(null));
    const finding = fc.constantFrom(...FINDING_KINDS);
    fc.assert(
      fc.property(name, name, region, finding, fc.integer({ min: 1 }), (host, account, region, finding, episode) => {
        const key = anIncidentKey({ host, account, region, finding });
        expect(parseIncidentId(incidentId(key, episode))).toEqual({ key, episode });
      }),
    );
  });

  it('keeps half a surrogate pair', () => {
    const key = anIncidentKey({ host: 'a\ud800b' });

    expect(parseIncidentId(incidentId(key, 3))).toEqual({ key, episode: 3 });
  });

  it.each(['', 'i-0a1b2c3d', 'a/b/c/d/e/f/1', 'acme/aws/1/r/h/%/1', 'acme/aws/1/r/h/m/leak/1', 'acme/aws/1/r/h/m/x'])(
    'is none of %j',
    (text) => {
      expect(parseIncidentId(text)).toBeUndefined();
    },
  );
});
