/** The keys of items: what they are called in a message to people, and how long they are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../../adapters/dynamodb/key-text.ts';
import {
  configKey,
  healthKey,
  incidentKey,
  openPartition,
  runKey,
  TENANTS,
  tenantPartition,
  watchKey,
} from '../../../adapters/dynamodb/keys.ts';
import { anyText } from '../../fixtures/any-text.ts';
import { anIncidentKey, NOON } from '../../fixtures/builders.ts';

describe('what stands under a key', () => {
  const key = anIncidentKey({ tenant: 'acme', host: 'web#1' });

  it.each([
    [configKey('acme', 3), 'tenant acme'],
    [{ pk: tenantPartition('acme'), sk: 'CONFIG#' }, 'tenant acme'],
    [incidentKey(key), 'the incident of host web#1 of tenant acme'],
    [runKey('acme', key, NOON), 'the runs of tenant acme'],
    [healthKey('acme', key), 'the health of tenant acme'],
    [watchKey('acme'), 'what tenant acme was notified of'],
    [{ pk: openPartition('acme', key), sk: '' }, 'the open incidents of tenant acme'],
    [{ pk: TENANTS, sk: '' }, 'the list of tenants'],
    [{ pk: 'PENDING#3', sk: '' }, 'the incidents that are not settled'],
    [incidentKey({ ...key, host: '記'.repeat(500) }), `the incident of host ${'記'.repeat(11)}… of tenant acme`],
  ])('of %j is %s', (of, subject) => {
    expect(subjectOf(of)).toBe(subject);
  });
});

describe('a sort key', () => {
  const text = fc.oneof(
    anyText({ maxLength: 2000 }),
    fc.string({ maxLength: 40 }),
    fc.array(fc.constantFrom('記', '#', '%', '$', '\ud800', 'a'), { maxLength: 1200 }).map((parts) => parts.join('')),
  );
  const anyKey = fc.record({ account: text, region: fc.option(text), host: text, metric: text });

  it('is as readable as ever where it fits', () => {
    const host = 'x'.repeat(900);

    expect(incidentKey(anIncidentKey({ host })).sk).toBe(
      `INC#aws#111122223333#eu-west-1#${host}#system.memory.utilization`,
    );
  });

  it('is another one for another half of a surrogate pair, and for its replacement character', () => {
    const hosts = ['web-\ud800', 'web-\ud801', 'web-\udfff', 'web-\ufffd', `web-${'x'.repeat(2000)}\ud800`];
    const others = [...hosts, `web-${'x'.repeat(2000)}\ud801`];

    expect(new Set(others.map((host) => incidentKey(anIncidentKey({ host })).sk)).size).toBe(6);
    expect(new Set(others.map((account) => openPartition('acme', anIncidentKey({ account })))).size).toBe(6);
  });

  it('has at most 1,024 bytes, whatever the names are', () => {
    fc.assert(
      fc.property(anyKey, (parts) => {
        const key = anIncidentKey(parts);
        const sortKeys = [incidentKey(key).sk, runKey('acme', key, NOON).sk, healthKey('acme', key).sk];

        expect(Math.max(...sortKeys.map((sk) => Buffer.byteLength(sk)))).toBeLessThanOrEqual(1024);
        expect(Buffer.byteLength(openPartition('acme', key))).toBeLessThanOrEqual(2048);
        expect(subjectOf(incidentKey(key))).toContain('tenant acme');
      }),
      { numRuns: 300 },
    );
  });

  it('is the same for the same names, and another for any other', () => {
    fc.assert(
      fc.property(anyKey, anyKey, fc.nat(2000), (one, other, at) => {
        const near = { ...one, host: `${one.host.slice(0, at)}!${one.host.slice(at)}` };
        const keys = [one, near, other].map((parts) => anIncidentKey(parts));
        const sortKeys = new Set(keys.map((key) => incidentKey(key).sk));

        expect(incidentKey(anIncidentKey(one)).sk).toBe(incidentKey(anIncidentKey({ ...one })).sk);
        expect(sortKeys.size).toBe(
          new Set(keys.map((key) => JSON.stringify({ ...key, region: key.region ?? '' }))).size,
        );
      }),
      { numRuns: 300 },
    );
  });
});
