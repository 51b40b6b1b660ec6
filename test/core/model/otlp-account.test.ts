import { describe, expect, it } from 'vitest';
import { parseInput } from '../../../core/model/issues.ts';
import { otlpAccountSchema } from '../../../core/model/otlp-account.ts';

function parse(fields: object) {
  return parseInput(otlpAccountSchema, { provider: 'otlp', account: 'production', ...fields });
}

describe('an account of hosts that send', () => {
  it('needs a name alone', () => {
    expect(parse({}).data).toMatchObject({
      regions: ['global'],
      enabled: true,
      schedule: { cron: '0 * * * *', timezone: 'UTC' },
    });
  });

  it.each<[object, RegExp]>([
    [{ account: 'Production' }, /1 to 63 lower case letters/],
    [{ regions: ['eu-west-1'] }, /must be global/],
    [{ groupAttribute: 'service name' }, /name of a resource attribute/],
    [{ keepAttributes: Array.from({ length: 21 }, (_, index) => `a${index}`) }, /at most 20/],
    [{ token: 'plt_acme' }, /token/],
    [{ containers: true }, /containers/],
  ])('refuses %j', (fields, message) => {
    expect(parse(fields).error?.message).toMatch(message);
  });

  it.each(['process.command_line', 'process.command_args', 'process.command', 'process.environment_variable.TOKEN'])(
    'keeps no %s, which may hold passwords',
    (name) => {
      expect(parse({ keepAttributes: ['os.type', name] }).error?.message).toMatch(/may hold passwords/);
    },
  );
});

describe('a pattern for command lines', () => {
  it.each([String.raw`-jar [\w./-]+\.jar`, '^python3? [(|)]', String.raw`--app=\w{1,40}`, String.raw`C\+\+ [*+]?`])(
    'may be %s',
    (pattern) => {
      expect(parse({ commandPatterns: [pattern] }).error).toBeUndefined();
    },
  );

  it.each([
    ['(a+)+b', /no groups and no alternatives/],
    ['a|a', /no groups and no alternatives/],
    [String.raw`(a)\1`, /no groups and no alternatives/],
    ['(?<=a)b', /no groups and no alternatives/],
    ['a+a+', /may repeat .* once/],
    ['a{2}a*', /may repeat .* once/],
    ['a?a?a?aaa', /may have 2 \? at the most/],
    ['[a', /no regular expression/],
    ['', /must not be empty/],
    ['a'.repeat(201), /at most 200/],
  ])('must not be %s', (pattern, message) => {
    expect(parse({ commandPatterns: [pattern] }).error?.message).toMatch(message);
  });
});
