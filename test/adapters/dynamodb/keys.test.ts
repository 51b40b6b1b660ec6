/** What a key is called in a message to people. */
import { describe, expect, it } from 'vitest';
import {
  configKey,
  incidentKey,
  openPartition,
  runKey,
  subjectOf,
  TENANTS,
  tenantPartition,
} from '../../../adapters/dynamodb/keys.ts';
import { anIncidentKey, NOON } from '../../fixtures/builders.ts';

describe('what stands under a key', () => {
  const key = anIncidentKey({ tenant: 'acme', host: 'web#1' });

  it.each([
    [configKey('acme', 3), 'tenant acme'],
    [{ pk: tenantPartition('acme'), sk: 'CONFIG#' }, 'tenant acme'],
    [incidentKey(key), 'the incident of host web#1 of tenant acme'],
    [runKey('acme', key, NOON), 'the runs of tenant acme'],
    [{ pk: openPartition('acme', key), sk: '' }, 'the open incidents of tenant acme'],
    [{ pk: TENANTS, sk: '' }, 'the list of tenants'],
    [{ pk: 'OUTBOX#3', sk: '' }, 'the outboxes'],
  ])('of %j is %s', (of, subject) => {
    expect(subjectOf(of)).toBe(subject);
  });
});
