import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { describeIssues } from '../../../core/model/issues.ts';
import { tenantConfigSchema } from '../../../core/model/tenant.ts';
import { anAccount } from '../../fixtures/builders.ts';

function issuesOf(schema: z.ZodType, input: unknown): string[] {
  const { error } = schema.safeParse(input);
  return error === undefined ? [] : describeIssues(error);
}

describe('describeIssues', () => {
  it.each<[string, z.ZodType, unknown, string]>([
    ['a field that is not there', z.object({ role: z.string() }), {}, 'role: is missing'],
    ['text that is none', z.object({ role: z.string() }), { role: 3 }, 'role: must be text, not a number'],
    ['a list that is none', z.object({ a: z.array(z.string()) }), { a: 'x' }, 'a: must be a list, not text'],
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
    ['a number that is not whole', z.object({ a: z.int() }), { a: 2.5 }, 'a: must be a whole number'],
    ['a word that is not known', z.object({ a: z.enum(['x', 'y']) }), { a: 'z' }, 'a: must be "x"|"y"'],
    ['a document that is none', z.object({}), null, '(whole document): must be a group of fields, not empty'],
    ['a message of the schema’s own', z.string().min(3, 'must be a name'), 'x', '(whole document): must be a name'],
    ['an unknown field', z.strictObject({ a: z.strictObject({}) }), { a: { b: 1 } }, 'a.b: unknown field'],
  ])('tells %s', (_, schema, input, issue) => {
    expect(issuesOf(schema, input)).toEqual([issue]);
  });

  it('tells what is missing from an account, and what is no text', () => {
    const config = (account: object) => ({ version: 1, tenant: 'acme', accounts: [account] });
    const { account: _, ...nameless } = anAccount();

    expect(issuesOf(tenantConfigSchema, config(nameless))).toEqual(['accounts[0].account: is missing']);
    expect(issuesOf(tenantConfigSchema, config(anAccount({ account: 3 })))).toEqual([
      'accounts[0].account: must be text: put the 12 digits in quotes',
    ]);
    expect(issuesOf(tenantConfigSchema, config({ ...anAccount(), provider: 'ibm' }))).toEqual([
      expect.stringMatching(/^accounts\[0\]\.provider: must be 'aws'/),
    ]);
  });
});
