import { describe, expect, it } from 'vitest';
import {
  hasComments,
  lineOf,
  located,
  readSection,
  readText,
  sectionText,
  valueAt,
  withSection,
  withValue,
} from '../../console/config/document.ts';

const TEXT = `# Ours
version: 1
tenant: acme # never changes
policy:
  threshold: 0.7 # as agreed
accounts:
  - provider: aws
    account: '012345678901'
    regions: [ eu-west-1, us-east-1 ]
    hosts:
      exclude:
        - labels: { host.type: t4g.nano }
`;

describe('a text of a config', () => {
  it('is read as YAML', () => {
    expect(readText(TEXT).issues).toEqual([]);
    expect(valueAt(readText(TEXT).value, ['accounts', 0, 'account'])).toBe('012345678901');
  });

  it('that is no YAML names the line', () => {
    const { value, issues } = readText('version: 1\ntenant: acme: x\n');

    expect(value).toBeUndefined();
    expect(issues[0]).toMatchObject({ line: 2, path: '' });
    expect(issues[0]?.message).not.toContain('\n');
  });

  it.each(['', '- 1\n', 'text\n'])('that is no document of fields is an issue: %j', (text) => {
    expect(readText(text)).toMatchObject({ value: undefined, issues: [{ line: 1 }] });
  });

  it('whose aliases expand without end is an issue', () => {
    const bomb = `a: &a [${'x,'.repeat(9)}x]\n${[...'bcdefghi'].map((name, at) => `${name}: &${name} [${`*${'abcdefghi'[at]},`.repeat(9)}x]`).join('\n')}\n`;

    expect(readText(bomb).issues[0]?.message).toContain('aliases');
  });
});

describe('a value that is set', () => {
  it('keeps the comments', () => {
    const text = withValue(TEXT, ['policy', 'threshold'], 0.8);

    expect(text).toBe(TEXT.replace('0.7', '0.8'));
  });

  it('that is no text stays a number', () => {
    expect(withValue(TEXT, ['costCap', 'usdPerMonth'], 50)).toContain('costCap:\n  usdPerMonth: 50\n');
  });

  it('of digits that is text has quotes', () => {
    expect(withValue(TEXT, ['accounts', 0, 'account'], '111122223333')).toContain("account: '111122223333'");
    expect(withValue('version: 1\n', ['name'], '007')).toContain('name: "007"');
  });

  it('that is a list stays in its line', () => {
    expect(withValue(TEXT, ['accounts', 0, 'regions'], ['eu-west-1'])).toContain('regions: [ eu-west-1 ]');
  });

  it('makes what is around it', () => {
    expect(withValue('version: 1\n', ['alerts', 'quietHours', 0, 'from'], '22:00')).toBe(
      'version: 1\nalerts:\n  quietHours:\n    - from: 22:00\n',
    );
  });

  it('goes below a field without a value', () => {
    expect(withValue('version: 1\npolicy:\n', ['policy', 'prior'], 0.1)).toContain('policy:\n  prior: 0.1');
  });
});

describe('a value that is taken out', () => {
  it('takes what is empty by that with it', () => {
    const text = withValue(TEXT, ['accounts', 0, 'hosts', 'exclude', 0], undefined);

    expect(text).not.toContain('hosts:');
    expect(text).toContain('regions:');
  });

  it('that is not there changes nothing', () => {
    expect(withValue(TEXT, ['alerts', 'preset'], undefined)).toBe(TEXT);
  });
});

describe('an issue', () => {
  it.each([
    ['policy.threshold', 5],
    ['accounts.0.regions.1', 9],
    ['accounts.0.hosts.exclude.0.labels.host.type', 12],
    ['accounts.0.role', 7],
    ['nowhere', 2],
  ])('about %s is at line %i', (path, line) => {
    expect(lineOf(TEXT, path)).toBe(line);
  });

  it('that names its line is there', () => {
    expect(located(TEXT, { path: '', message: 'line 4: is not indented' })).toEqual({
      line: 4,
      path: '',
      message: 'is not indented',
    });
  });
});

describe('comments', () => {
  it('are noticed', () => {
    expect(hasComments(TEXT)).toBe(true);
  });

  it('are not what stands in quotes', () => {
    expect(hasComments("name: 'a # b'\n")).toBe(false);
  });
});

describe('a section', () => {
  const WITH_ALERTS = `version: 1\nalerts: # ours\n  # at night\n  silenceHours: 12\n  quietHours:\n    - { from: '22:00', to: '07:00' }\npolicy: {}\n`;

  it('is a text of its own, with its comments', () => {
    expect(sectionText(WITH_ALERTS, 'alerts')).toContain('# at night\nsilenceHours: 12\nquietHours:\n  - { from: ');
  });

  it('that is absent is empty', () => {
    expect(sectionText(WITH_ALERTS, 'hosts')).toBe('');
    expect(readSection('')).toEqual({ value: {}, issue: undefined });
  });

  it('goes back into the text', () => {
    const text = withSection(WITH_ALERTS, 'alerts', '# by day\nsilenceHours: 6\n');

    expect(readText(text).value).toEqual({ version: 1, alerts: { silenceHours: 6 }, policy: {} });
    expect(text).toContain('# by day');
  });

  it('that is empty goes out of the text', () => {
    expect(withSection(WITH_ALERTS, 'alerts', '')).toBe('version: 1\npolicy: {}\n');
  });

  it('that is no document is an issue with its line', () => {
    expect(readSection('a: 1\nb: c: d\n')).toMatchObject({ value: undefined, issue: { line: 2 } });
  });
});
