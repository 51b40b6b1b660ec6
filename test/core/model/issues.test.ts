import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { hostFilterSchema } from '../../../core/model/host-filter.ts';
import { describeIssues, fieldIssues, parseInput, plainMessage, UNKNOWN_FIELD } from '../../../core/model/issues.ts';
import { inspectMessageSchema } from '../../../core/model/message.ts';
import { policySchema } from '../../../core/model/policy.ts';
import { tenantConfigSchema } from '../../../core/model/tenant.ts';
import { anAccount } from '../../fixtures/builders.ts';

function issuesOf(schema: z.ZodType, input: unknown): string[] {
  const { error } = parseInput(schema, input);
  return error === undefined ? [] : describeIssues(error);
}

describe('describeIssues', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a missing field', z.object({ role: z.string() }), {}, 'role: is missing'],
    ['a number instead of text', z.object({ role: z.string() }), { role: 3 }, 'role: must be text, not a number'],
    ['text instead of a list', z.object({ a: z.array(z.string()) }), { a: 'x' }, 'a: must be a list, not text'],
    ['an empty list', z.object({ a: z.array(z.string()).min(1) }), { a: [] }, 'a: must not be empty'],
    [
      'a list that is too long',
      z.object({ a: z.array(z.string()).max(1) }),
      { a: ['x', 'y'] },
      'a: must have at most 1 entries',
    ],
    ['text that is too short', z.object({ a: z.string().min(3) }), { a: 'x' }, 'a: must have at least 3 characters'],
    ['a number that is too large', z.object({ a: z.number().max(0.95) }), { a: 7 }, 'a: must be at most 0.95'],
    ['a number that is too small', z.object({ a: z.int().min(6) }), { a: 1 }, 'a: must be at least 6'],
    [
      'a number that is the limit itself',
      z.object({ a: z.number().positive() }),
      { a: 0 },
      'a: must be greater than 0',
    ],
    ['a number that is no integer', z.object({ a: z.int() }), { a: 2.5 }, 'a: must be an integer'],
    ['text instead of an integer', z.object({ a: z.int() }), { a: 'x' }, 'a: must be a number, not text'],
    ['a number without an end', z.object({ a: z.number() }), { a: Infinity }, 'a: must be a number, not Infinity'],
    [
      'a list of another length',
      z.object({ a: z.array(z.int()).length(1) }),
      { a: [] },
      'a: must have exactly 1 entries',
    ],
    [
      'text that begins otherwise',
      z.object({ a: z.string().startsWith('arn:') }),
      { a: 'x' },
      'a: must begin with arn:',
    ],
    [
      'text that is no time',
      z.object({ a: z.iso.datetime() }),
      { a: 'x' },
      expect.stringContaining('a: must be a time in UTC'),
    ],
    ['an empty name', z.record(z.string().min(1), z.string()), { '': 'x' }, ': its name must not be empty'],
    [
      'a value of no known form',
      z.union([z.string(), z.int()]),
      true,
      '(the document): has none of the forms that it may have',
    ],
    ['a word that is not known', z.object({ a: z.enum(['x', 'y']) }), { a: 'z' }, 'a: must be "x" or "y"'],
    ['an empty document', z.object({}), null, '(the document): must be a group of fields, not empty'],
    ['a message of the schema’s own', z.string().min(3, 'must be a name'), 'x', '(the document): must be a name'],
    ['an unknown field', z.strictObject({ a: z.strictObject({}) }), { a: { b: 1 } }, 'a.b: unknown field'],
  ])('describes %s', (_, schema, input, issue) => {
    expect(issuesOf(schema, input)).toEqual([issue]);
  });

  it('names what an account lacks, and what is no text', () => {
    const config = (account: object) => ({ version: 1, tenant: 'acme', accounts: [account] });
    const { account: _, ...nameless } = anAccount();

    expect(issuesOf(tenantConfigSchema, config(nameless))).toEqual(['accounts[0].account: is missing']);
    expect(issuesOf(tenantConfigSchema, config(anAccount({ account: 3 })))).toEqual([
      'accounts[0].account: must be text: put the 12 digits in quotes',
    ]);
    expect(issuesOf(tenantConfigSchema, config({ ...anAccount(), provider: 'ibm' }))).toEqual([
      expect.stringMatching(/^accounts\[0\]\.provider: must be "aws"/),
    ]);
  });

  it('falls back to the library’s message where no schema of ours raises the issue', () => {
    expect(issuesOf(z.number().multipleOf(5), 3)).toEqual(['(the document): Invalid number: must be a multiple of 5']);
  });
});

/** Values that may stand anywhere in a document by mistake. */
const mistake = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }),
  fc.constantFrom<unknown>(undefined, Number.NaN, Infinity, -1, 0, 2.5, '', 'x'.repeat(300), [], {}, { '': '' }),
);

/** The document with `value` at one of its fields, chosen by `at`; an unknown field where `at` is beyond the last one. */
function withMistake(document: unknown, value: unknown, at: readonly number[]): unknown {
  const [turn, ...rest] = at;
  if (turn === undefined || typeof document !== 'object' || document === null) return value;
  const keys = Object.keys(document);
  const key = keys[turn % (keys.length + 1)];
  if (key === undefined) return { ...document, [`field${turn}`]: value };
  const entries = Object.entries(document).map(([name, part]) => [
    name,
    name === key ? withMistake(part, value, rest) : part,
  ]);
  return Array.isArray(document) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
}

describe('fieldIssues', () => {
  it('gives each unknown field a path of its own, and keeps a dot in its name', () => {
    const schema = z.strictObject({ a: z.strictObject({}) });
    const { error } = parseInput(schema, { a: { b: 1, 'c.d: e': 2 } });

    const issues = error === undefined ? [] : fieldIssues(error);

    expect(issues).toEqual([
      { path: ['a', 'b'], code: UNKNOWN_FIELD, message: 'unknown field' },
      { path: ['a', 'c.d: e'], code: UNKNOWN_FIELD, message: 'unknown field' },
    ]);
  });
});

describe('parseInput', () => {
  it('leaves the library’s messages to other users of the library as they are', () => {
    parseInput(z.string(), 3);

    const { error } = z.string().safeParse(3);

    expect(z.config().customError).toBeUndefined();
    expect(error?.issues[0]?.message).toBe('Invalid input: expected string, received number');
  });
});

describe('plainMessage', () => {
  const policy = { lookBackHours: 100, threshold: 0.7, environment: 'staging', prior: 0.03, recoverAfter: 4 };
  const hosts = { include: [{ id: 'i-*', labels: { env: 'prod' } }], exclude: [{ name: 'web-*' }] };
  const region = ['europe-west1'];
  const gcp = {
    provider: 'gcp',
    account: 'orchard-prod-31',
    regions: region,
    identity: { pool: 'pool', provider: 'p' },
  };
  const config = {
    version: 1,
    tenant: 'acme',
    name: 'Acme',
    hosts,
    policy,
    accounts: [anAccount({ schedule: { cron: '0 * * * *', timezone: 'UTC' } }), gcp],
  };
  const message = { version: 1, tenant: 'acme', provider: 'aws', account: '1', scheduledTime: 'x', regions: region };

  it.each<[string, z.ZodType, unknown]>([
    ['a policy', policySchema, policy],
    ['a host filter', hostFilterSchema, hosts],
    ['a tenant’s config', tenantConfigSchema, config],
    ['a message', inspectMessageSchema, message],
  ])('has words for every issue of %s', (_, schema, document) => {
    void fc.assert(
      fc.property(mistake, fc.array(fc.nat(12), { maxLength: 5 }), (value, at) => {
        const unworded: unknown[] = [];
        schema.safeParse(withMistake(document, value, at), {
          error: (issue) => {
            if (plainMessage(issue) === undefined) unworded.push(issue);
            return undefined;
          },
        });
        expect(unworded).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
