import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { patchConfig } from '../../cli/config-patch.ts';
import type { ConfigChanges } from '../../core/tenants/config-changes.ts';

const TEXT = `# A tenant, with comments that people wrote.
version: 1
tenant: acme                # never changes

accounts:
  # The first one.
  - provider: aws
    account: '111111111111' # payments
    regions: [eu-west-1]   # its only one
    role: arn:aws:iam::111111111111:role/plimsoll-reader
  - provider: aws
    account: '222222222222'
    regions:
      - eu-west-1
      - eu-west-2
    role: arn:aws:iam::222222222222:role/plimsoll-reader
    # workspace: none

# The policy comes last.
policy: { threshold: 0.8 }
`;

const addition: ConfigChanges['additions'][number] = {
  fields: {
    provider: 'aws',
    account: '333333333333',
    regions: ['eu-west-1'],
    role: 'arn:aws:iam::333333333333:role/plimsoll-reader',
  },
  comment: 'new one',
};
const disable = (index: number) => ({ index, path: ['enabled'], value: false, comment: 'SUSPENDED' });
const patch = (text: string, changes: Partial<ConfigChanges>) =>
  patchConfig(text, { additions: [], edits: [], ...changes });

const ADDED = `  - provider: aws
    account: "333333333333" # new one
    regions: [eu-west-1]
    role: arn:aws:iam::333333333333:role/plimsoll-reader
`;

describe('a patch of a config', () => {
  it('adds an account behind the others and leaves every other line as it is', () => {
    const patched = patch(TEXT, { additions: [addition] });

    expect(patched).toBe(TEXT.replace('    # workspace: none\n', `    # workspace: none\n${ADDED}`));
  });

  it('changes the lines of one account, and no other', () => {
    const patched = patch(TEXT, { edits: [disable(0)] });

    expect(patched).toBe(
      TEXT.replace('[eu-west-1]   # its only one', '[eu-west-1] # its only one').replace(
        '/plimsoll-reader\n  - provider',
        '/plimsoll-reader\n    enabled: false # SUSPENDED\n  - provider',
      ),
    );
  });

  it('changes several accounts and adds one', () => {
    const patched = patch(TEXT, { additions: [addition], edits: [disable(0), disable(1)] });

    expect(parse(patched)).toEqual({
      ...parse(TEXT),
      accounts: [...parse(TEXT).accounts.map((one: object) => ({ ...one, enabled: false })), addition.fields],
    });
    expect(patched).toContain('tenant: acme                # never changes\n');
    expect(patched).toContain('# The first one.\n');
    expect(patched).toContain('# The policy comes last.\n');
  });

  it('changes nothing where there is nothing to change', () => {
    expect(patch(TEXT, {})).toBe(TEXT);
  });

  it('begins the list of a tenant that has no account yet', () => {
    expect(patch('version: 1\ntenant: acme\naccounts: []\n', { additions: [addition] })).toBe(
      `version: 1\ntenant: acme\naccounts:\n${ADDED}`,
    );
  });

  it.each([
    ['a text that does not end its last line', TEXT.slice(0, TEXT.indexOf('    # workspace')).trimEnd()],
    ['lists that are not indented', TEXT.replaceAll(/^ {2}(?= *[-#]| {2})/gm, '')],
    ['Windows line ends', TEXT.replaceAll('\n', '\r\n')],
    ['JSON', JSON.stringify(parse(TEXT))],
    [
      'aliases',
      TEXT.replace('regions: [eu-west-1]', 'regions: &r [eu-west-1]').replace('{ threshold: 0.8 }', '{ x: *r }'),
    ],
  ])('means the same in %s', (_, text) => {
    const patched = patch(text, { additions: [addition], edits: [disable(1)] });

    const [first, second] = parse(text).accounts;
    expect(parse(patched)).toEqual({
      ...parse(text),
      accounts: [first, { ...second, enabled: false }, addition.fields],
    });
  });

  it('takes no line break or control from a name', () => {
    const patched = patch(TEXT, { additions: [{ ...addition, comment: 'a\n  role: evil\u001b[2J' }] });

    expect(patched).toContain('# a role: evil\n');
  });
});
