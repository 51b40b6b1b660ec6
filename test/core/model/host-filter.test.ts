import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admits, hostFilterSchema, matchesGlob } from '../../../core/model/host-filter.ts';
import { aResource } from '../../fixtures/builders.ts';

const host = aResource({ name: 'web-7', group: 'web', labels: { 'instance.type': 'm7g.large' } });

describe('admits', () => {
  it('lets every host in when there is no filter', () => {
    expect(admits([], host)).toBe(true);
  });

  it.each([
    ['an id', { id: 'i-0a*' }],
    ['a name', { name: 'web-?' }],
    ['a group', { group: 'web' }],
    ['a label', { labels: { 'instance.type': 'm7g.*' } }],
    ['every field of a rule', { name: 'web-*', group: 'web' }],
  ])('includes a host by %s', (_, rule) => {
    expect(admits([{ include: [rule] }], host)).toBe(true);
  });

  it('leaves out a host of which one field of the rule differs', () => {
    expect(admits([{ include: [{ name: 'web-*', group: 'db' }] }], host)).toBe(false);
  });

  it('lets exclude win over include', () => {
    expect(admits([{ include: [{ id: '*' }], exclude: [{ group: 'web' }] }], host)).toBe(false);
  });

  it('asks every filter, so that a tenant and an account can each narrow', () => {
    expect(admits([{ include: [{ id: '*' }] }, { exclude: [{ name: 'web-7' }] }], host)).toBe(false);
  });

  it('includes nothing when the list of includes is empty', () => {
    expect(admits([{ include: [] }], host)).toBe(false);
  });

  it('looks for a label among the host’s own', () => {
    expect(admits([{ include: [{ labels: { constructor: '*' } }] }], host)).toBe(false);
  });

  it('matches no rule on a name that the host does not have', () => {
    expect(admits([{ include: [{ name: '*' }] }], aResource())).toBe(false);
  });
});

describe('admits, of a host in Azure', () => {
  const folder = '/subscriptions/s/resourceGroups/Prod/providers/Microsoft.Compute/virtualMachines';
  const machine = aResource({
    provider: 'azure',
    id: `${folder}/Web-7`.toLowerCase(),
    name: 'Web-7',
    group: 'Web',
    labels: { Env: 'Live' },
  });

  it.each([
    ['an id as the portal writes it', { id: `${folder}/*` }],
    ['a name', { name: 'web-?' }],
    ['a group', { group: 'WEB' }],
    ['the name of a tag', { labels: { env: 'Live' } }],
  ])('does not look at the case of %s', (_, rule) => {
    expect(admits([{ include: [rule] }], machine)).toBe(true);
    expect(admits([{ exclude: [rule] }], machine)).toBe(false);
  });

  it('distinguishes upper and lower case in values of tags, and of everything elsewhere', () => {
    expect(admits([{ include: [{ labels: { Env: 'live' } }] }], machine)).toBe(false);
    expect(admits([{ include: [{ name: 'WEB-7' }] }], host)).toBe(false);
    expect(admits([{ include: [{ labels: { 'Instance.Type': '*' } }] }], host)).toBe(false);
  });
});

describe('hostFilterSchema', () => {
  it('refuses a rule that names nothing', () => {
    expect(hostFilterSchema.safeParse({ include: [{}] }).success).toBe(false);
  });

  it.each([
    ['an empty list of includes', { include: [] }],
    ['an empty list of excludes', { exclude: [] }],
    ['a rule with no label in its labels', { exclude: [{ labels: {} }] }],
    ['a label that JSON cannot hold', JSON.parse('{"exclude":[{"labels":{"__proto__":"x"}}]}')],
  ])('refuses %s, which would leave out all hosts or none', (_, filter) => {
    expect(hostFilterSchema.safeParse(filter).success).toBe(false);
  });

  it('refuses a misspelled field', () => {
    expect(hostFilterSchema.safeParse({ exclude: [{ nmae: 'x' }] }).success).toBe(false);
  });
});

describe('matchesGlob', () => {
  it('agrees with the regular expression of the same meaning', () => {
    const emails = fc.string({ unit: fc.constantFrom('a', 'b', '.', '/'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*', '?'), maxLength: 6 });

    fc.assert(
      fc.property(pattern, emails, (glob, text) => {
        const source = glob.replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*');
        expect(matchesGlob(glob, text)).toBe(new RegExp(`^${source}$`, 's').test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers a pattern at once that would make a regular expression backtrack for ever', () => {
    expect(matchesGlob(`${'a*'.repeat(60)}b`, 'a'.repeat(5000))).toBe(false);
  });
});
